import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { type Settings, SettingsError } from '../../config/index.ts';
import { settingsFrom, withSettings } from '../server-settings.ts';
import { examine, examineNode } from './examination.ts';
import { type Finding, fails, ok } from './finding.ts';

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

/** `holdfast doctor`: would a server with these settings do, and what is in its way? */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'checks this machine, the settings, Redis, and what clients would reach; takes what `serve` takes',
  );
  return withSettings(command)
    .option('--json <file>', 'also writes what was found')
    .option('--token <token>', 'would this token open a channel here?')
    .action(async (options: Record<string, unknown>) => {
      const findings: Finding[] = [];
      const found = (finding: Finding) => {
        findings.push(finding);
        process.stdout.write(`${marks[finding.verdict]}  ${finding.what}: ${finding.text}\n`);
      };
      found(examineNode());
      const settings = read(options, found);
      const { json, token } = options;
      const given = typeof token === 'string' ? token : null;
      if (settings !== null) for await (const finding of examine(settings, given)) found(finding);
      const bad = findings.filter(({ verdict }) => verdict === 'fail');
      const report = {
        ok: bad.length === 0,
        findings,
        failures: bad.map(({ what, text }) => `${what}: ${text}`),
      };
      if (typeof json === 'string') writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
      // Media engines keep a process alive.
      process.exit(report.ok ? 0 : 1);
    });
}

function read(options: Record<string, unknown>, found: (finding: Finding) => void): Settings | null {
  try {
    const settings = settingsFrom(options);
    found(ok('settings', 'all are understood'));
    return settings;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    for (const line of error.lines) found(fails('settings', line));
    return null;
  }
}
