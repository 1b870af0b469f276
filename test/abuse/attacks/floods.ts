/** Far more of what is allowed than is allowed. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answers } from '../answers.ts';
import { joined, joinOf, Raw, type Stay } from '../raw.ts';
import { type Attack, addressAt, again, atOnce, strike, type Target } from './attack.ts';

/** Connections that come and go, as fast as this machine opens them. */
export const connections: Attack = (target, answers) =>
  again(
    target,
    (turn) =>
      new Promise((resolve) => {
        answers.attempts += 1;
        const socket = connect({
          port: target.port,
          host: '127.0.0.1',
          localAddress: addressAt(target, turn),
        });
        const key = randomBytes(16).toString('base64');
        const done = (answer: string) => {
          answers.note(answer);
          socket.destroy();
          resolve();
        };
        socket.on('error', () => {});
        socket.once('connect', () => socket.write(upgradeRequest(key)));
        socket.once('data', (data) => done(data.toString('latin1').split('\r\n', 1)[0] ?? ''));
        socket.once('close', () => done('cut'));
      }),
    2 * atOnce,
  );

/** Joins of ever new users into ever new channels. */
export const joins: Attack = (target, answers) =>
  again(target, (turn) =>
    strike(
      target,
      answers,
      turn,
      async (raw) => {
        raw.send(joinOf({ ...target.own, uid: 1_000_000 + turn }));
        await Promise.race([raw.first('welcome', 1_000), raw.first('refused', 1_000)]);
      },
      0,
    ),
  );

/** Messages of a member of an honest channel, a hundred times as many as it may send. */
export const messages: Attack = (target, answers) =>
  again(
    target,
    () => {
      const send = (raw: Raw, number: number) =>
        raw.send({ type: 'send', stream: 1, number, data: new Uint8Array(1_000), sentAt: 0 });
      return pour(target, answers, { stay: target.member, from: target.from[0], perSecond: 2_000, send });
    },
    1,
  );

/** Heartbeats on admitted connections, a hundred times as many as it takes. */
export const frames: Attack = (target, answers) =>
  again(
    target,
    (turn) => {
      const stay = { ...target.own, uid: 2_000_000 + (turn % 10) };
      const send = (raw: Raw, id: number) => raw.send({ type: 'heartbeat', id, answer: 0 });
      return pour(target, answers, { stay, from: addressAt(target, turn), perSecond: 15_000, send });
    },
    2,
  );

interface Pouring {
  readonly stay: Stay;
  readonly from: string;
  readonly perSecond: number;
  send(raw: Raw, number: number): void;
}

/** Joins, and sends at a rate until it is ended. */
async function pour(
  target: Target,
  answers: Answers,
  { stay, from, perSecond, send }: Pouring,
): Promise<void> {
  const entered = await joined(target.url, stay, from);
  if (entered === null) {
    answers.note('not let in');
    return sleep(100);
  }
  const { raw } = entered;
  const startedAt = performance.now();
  let number = 0;
  while (raw.open && performance.now() < target.until) {
    for (const due = ((performance.now() - startedAt) * perSecond) / 1_000; number < due; ) {
      number += 1;
      send(raw, number);
    }
    await sleep(10);
  }
  answers.attempts += number;
  answers.note(raw.open ? 'all taken' : await raw.ending());
  raw.close();
}

/** Connections that stay open and say nothing whole: half a header, a byte a second, an upgrade and silence. */
export const slowLoris: Attack = async (target, answers) => {
  const open: { destroy(): void }[] = [];
  await again(target, async (turn) => {
    answers.attempts += 1;
    if (turn % 3 === 0) {
      const raw = new Raw(target.url, addressAt(target, turn));
      raw.ws.once('close', () => answers.note(`upgraded and silent: ${raw.ended}`));
      open.push({ destroy: () => raw.close() });
    } else {
      const socket = connect({ port: target.port, host: '127.0.0.1', localAddress: addressAt(target, turn) });
      socket.on('error', () => {});
      socket.once('close', () =>
        answers.note(turn % 3 === 1 ? 'half a header: cut' : 'a byte a second: cut'),
      );
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
      const drip = setInterval(() => socket.write(turn % 3 === 1 ? '' : 'X'), 1_000);
      socket.once('close', () => clearInterval(drip));
      open.push(socket);
    }
    await sleep(20);
  });
  answers.note('open at the end', open.length);
  for (const each of open) each.destroy();
};

function upgradeRequest(key: string): string {
  const lines = [
    ...['GET / HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade'],
    ...['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Protocol: holdfast.1'],
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
