/** A configuration file, environment and flags of any kind: settings, or lines that say what is wrong and no secret. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings, SettingsError } from '@holdfast/server/internals';
import { Choices } from '../choices.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));
const file = join(folder, 'config.json');
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const names = ['port', 'appId', 'limits.lostMs', 'limits', 'appCertificate'] as const;
const variables = [
  ...(['HOLDFAST_PORT', 'HOLDFAST_APP_ID', 'HOLDFAST_LIMITS_LOST_MS', 'HOLDFAST_APP_CERTIFICATE'] as const),
  'HOLDFAST_UNKNOWN',
] as const;

export function fuzz(bytes: Uint8Array): void {
  const choices = new Choices(bytes);
  const env = Object.fromEntries(choices.list(3, () => [choices.pick(variables), choices.text(40)]));
  const flags = choices.list(2, () => ({
    name: choices.pick(names),
    origin: '--flag',
    value: choices.text(40),
  }));
  const given = choices.chance();
  if (given) writeFileSync(file, choices.rest());
  try {
    const settings = loadSettings({ ...(given && { file }), env, flags });
    writeFileSync(file, JSON.stringify(settings));
    assert.deepEqual(loadSettings({ file }), settings, 'settings are not what their own file says');
  } catch (error) {
    assert(error instanceof SettingsError, error as Error);
    const secret = env.HOLDFAST_APP_CERTIFICATE;
    if (secret !== undefined && secret.length >= 24)
      assert(!error.message.includes(secret), 'a secret is told');
  }
  assert(!('x' in {}), 'the prototype of all objects was changed');
}
