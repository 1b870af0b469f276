/** Many clients in one process, as a process: each hears its own callbacks and does what it alone is told. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';

interface News {
  readonly id: number;
  readonly said?: { readonly callback: string; readonly args: readonly unknown[] };
  readonly exited?: number;
}

test('four clients in one process, two of them apple: one leaves, and is the only one', {
  timeout: 30_000,
}, async () => {
  const { news, order } = start();
  for (const [id, platform] of ['ios', 'macos', 'web', 'linux'].entries())
    order({ id, join: { ...request, platform, uid: `${id + 1}` } });
  const heard = (id: number) => news.filter((each) => each.id === id).map(({ said }) => said?.callback);
  await vi.waitFor(() => {
    expect(heard(0)).toEqual(['$ready', 'connectionChangedTo']);
    expect(heard(1)).toEqual(['$ready', 'connectionChangedTo']);
    expect(heard(2)).toEqual(['$ready', 'connection-state-change']);
    expect(heard(3)).toEqual(['$ready', 'onConnectionStateChanged']);
  }, 20_000);
  order({ id: 0, line: 'leave' });
  order({ id: 1, line: 'state' });
  await vi.waitFor(() => {
    expect(heard(0).slice(2)).toEqual(['connectionChangedTo', 'didLeaveChannel', undefined]);
    expect(heard(1).slice(2)).toEqual(['$state']);
  }, 5_000);
  expect(news.filter(({ exited }) => exited !== undefined)).toEqual([{ id: 0, exited: 0 }]);
});

const request = {
  ...{ channel: 'room', servers: ['ws://127.0.0.1:1'], appId: 'demo', token: '' },
  ...{ profile: 'communication', publish: true },
};

function start() {
  const flags = ['--conditions=@holdfast/source', '--import', 'tsx'];
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, 'crowd.ts')], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const news: News[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => news.push(JSON.parse(line)));
  return { news, order: (order: object) => void child.stdin.write(`${JSON.stringify(order)}\n`) };
}
