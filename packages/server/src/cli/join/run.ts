import { createInterface } from 'node:readline';
import { type Client, type Dialect, type JoinRequest, UsageError } from './client.ts';
import type { View } from './views.ts';

/** What surrounds the command: a terminal, a script's pipes, or a test. */
export interface Surroundings {
  readonly input: NodeJS.ReadableStream;
  readonly view: View;
  /** Milliseconds since 1970. */
  now(): number;
  /** One line of diagnostics. */
  diagnose(line: string): void;
  /** Calls back at Ctrl-C. */
  onInterrupt(listener: () => void): void;
  /** Calls back when nobody can read the output any more. */
  onDeaf(listener: () => void): void;
  /** Keeps the record of an outage, where the user asked for it. */
  record(outage: object): void;
}

/** Exit codes of `holdfast join` (api.md). */
export const exitCodes = Object.freeze({ left: 0, failed: 1, usage: 2 });

/** Joins, shows what happens and does what is typed, until the client has left or failed. @returns the exit code */
export function runJoin(request: JoinRequest, dialect: Dialect, around: Surroundings): Promise<number> {
  const { view, diagnose } = around;
  return new Promise((resolve, reject) => {
    const watcher = {
      callback: view.callback,
      outage(record: object & Parameters<View['outage']>[0]) {
        around.record(record);
        view.outage(record);
      },
      ended(failure: string | null) {
        if (failure !== null) diagnose(failure);
        resolve(failure === null ? exitCodes.left : exitCodes.failed);
      },
    };
    begin(request, () => dialect(request, watcher), around).catch((error) => {
      if (!(error instanceof UsageError)) return reject(error);
      diagnose(error.message);
      resolve(exitCodes.usage);
    });
  });
}

async function begin(request: JoinRequest, make: () => Client, around: Surroundings): Promise<void> {
  const client = make();
  // The call, not its end: limits count from it (C-13).
  const at = around.now();
  const refused = client.join();
  // Awaited only then: the first line comes before any callback.
  if (refused) return refused;
  around.view.ready(request, at);
  listen(client, around);
}

/** The end of the input is not a leave: a script may have said all it had to say. */
function listen(client: Client, { input, view, diagnose, onInterrupt, onDeaf }: Surroundings): void {
  const leave = () => void client.commands.leave.run('');
  onInterrupt(leave);
  onDeaf(leave);
  // A terminal that has gone away is the end of the input.
  input.on('error', () => {});
  const lines = createInterface({ input, terminal: false });
  lines.on('line', (line) => {
    const trouble = obey(client, view, line.trim());
    if (trouble !== null) diagnose(trouble);
  });
}

/** @returns why the line was not obeyed, or null */
function obey(client: Client, view: View, line: string): string | null {
  const [, name = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(line) ?? [];
  if (name === '') return null;
  const possible = Object.entries(client.commands).map(([word, { usage }]) => `${word} ${usage}`.trim());
  if (name === 'state') {
    view.state(client.state());
    return null;
  }
  if (name === 'help') {
    view.help([...possible, 'state']);
    return null;
  }
  if (!Object.hasOwn(client.commands, name)) {
    return `'${name}' is not possible; possible are: ${[...possible, 'state'].join(', ')}`;
  }
  const trouble = client.commands[name]?.run(rest) ?? null;
  return trouble === null ? null : `${name}: ${trouble}`;
}
