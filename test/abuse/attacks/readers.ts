/** Clients that do not read, and bytes that grow. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { joined, joinOf } from '../raw.ts';
import { type Attack, addressAt, again, strike } from './attack.ts';

/** A member of a busy channel reads nothing; others of its kind fill the channel. */
export const neverReads: Attack = async (target, answers) => {
  const enter = (index: number) =>
    joined(target.url, { ...target.own, uid: 3_000_000 + index }, addressAt(target, index));
  const [deaf, ...loud] = (await Promise.all([0, 1, 2, 3].map(enter))).map((entered) => entered?.raw);
  if (deaf === undefined) return answers.note('not let in');
  deaf.ws.pause();
  for (let number = 1; performance.now() < target.until; number += 1) {
    const data = randomBytes(30_000);
    for (const raw of loud) raw?.send({ type: 'send', stream: 1, number, data, sentAt: 0 });
    answers.attempts += loud.length;
    await sleep(60);
  }
  deaf.ws.resume();
  for (let tries = 0; tries < 200 && deaf.ended === null; tries += 1) await sleep(10);
  answers.note(`who does not read: ${deaf.ended ?? 'goes on'}`);
  for (const raw of loud) answers.note(`who fills its channel: ${raw?.ended ?? 'goes on'}`);
  for (const raw of [deaf, ...loud]) raw?.close();
};

/** Compression offered and used although it was not agreed; tokens of 64 kB that inflate to 50 MB, and short ones. */
export const bombs: Attack = (target, answers) => {
  const large = `007${deflateSync(Buffer.alloc(50_000_000)).toString('base64')}`;
  const short = `007${deflateSync(Buffer.alloc(2_900_000)).toString('base64')}`;
  const frame = compressedFrame(Buffer.alloc(50_000_000));
  return again(
    target,
    (turn) => {
      if (turn % 3 === 0) return sendCompressed(target.port, addressAt(target, turn), frame, answers);
      const token = turn % 3 === 1 ? large : short;
      return strike(target, answers, turn, (raw) => raw.send(joinOf({ ...target.own, token })));
    },
    20,
  );
};

/** A masked WebSocket message with the bit that says it is compressed. */
function compressedFrame(content: Buffer): Buffer {
  const payload = deflateRawSync(content);
  const head = Buffer.alloc(14);
  head.set([0xc2, 0xff]);
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

function sendCompressed(
  port: number,
  localAddress: string,
  frame: Buffer,
  answers: Parameters<Attack>[1],
): Promise<void> {
  return new Promise((resolve) => {
    answers.attempts += 1;
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    const lines = [
      ...[
        'GET / HTTP/1.1',
        'Host: x',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
      ],
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...['Sec-WebSocket-Protocol: holdfast.1', 'Sec-WebSocket-Extensions: permessage-deflate'],
    ];
    let agreed = false;
    let closed = 'cut';
    socket.on('error', () => {});
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('connect', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    socket.on('data', (data) => {
      const text = data.toString('latin1');
      if (text.startsWith('HTTP')) agreed ||= /permessage-deflate/i.test(text);
      if (text.startsWith('HTTP/1.1 101')) socket.write(frame);
      else if (data[0] === 0x88) closed = `close ${data.readUInt16BE(2)}`;
      else closed = text.split('\r\n', 1)[0] ?? '';
    });
    socket.once('close', () => {
      answers.note(`compressed: ${agreed ? 'agreed to, ' : ''}${closed}`);
      resolve();
    });
  });
}
