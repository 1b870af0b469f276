// npm run settings: writes docs/settings.md from the schema of the settings.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsDocument } from '../packages/server/src/config/document.ts';

writeFileSync(join(import.meta.dirname, '../docs/settings.md'), settingsDocument());
