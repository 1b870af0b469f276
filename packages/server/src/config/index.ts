export { certificatesOf } from './apps.ts';
export { catalogue } from './catalogue.ts';
export { isLoopback } from './consistency.ts';
export { loadSettings, SettingsError } from './load.ts';
export { readIceServer } from './media.ts';
export type { Settings } from './schema.ts';
export type { Sources } from './sources.ts';
