/** Frames that are none, too large, unknown, or out of order. */
import { randomBytes } from 'node:crypto';
import { encodeClientFrame } from '@holdfast/core';
import { joinOf, resumeOf } from '../raw.ts';
import { type Attack, again, strike } from './attack.ts';

export const malformed: Attack = (target, answers) =>
  again(target, (turn) =>
    strike(target, answers, turn, async (raw) => {
      const join = encodeClientFrame(joinOf(target.own));
      const kind = turn % 4;
      if (kind === 0) raw.bytes(randomBytes(200));
      if (kind === 1) raw.bytes(join.subarray(0, 1 + (turn % (join.length - 1))));
      if (kind === 2) raw.bytes('text');
      if (kind === 3) {
        raw.bytes(join);
        await raw.first('welcome', 1_000);
        raw.bytes(randomBytes(500));
      }
    }),
  );

export const oversized: Attack = (target, answers) =>
  again(
    target,
    (turn) =>
      strike(target, answers, turn, async (raw) => {
        if (turn % 3 === 0) raw.bytes(Buffer.alloc(20_000_000));
        if (turn % 3 === 1) raw.bytes(Buffer.alloc(900_000, 0xff));
        if (turn % 3 === 2) {
          raw.send(joinOf(target.own));
          await raw.first('welcome', 1_000);
          raw.send({ type: 'send', stream: 1, number: 1, data: new Uint8Array(60_000), sentAt: 0 });
          raw.bytes(Buffer.alloc(200_000));
        }
      }),
    5,
  );

/** A body that no version knows, and fields that this one does not: the first ends, the second is ignored (C-57). */
export const unknown: Attack = (target, answers) =>
  again(target, (turn) =>
    strike(
      target,
      answers,
      turn,
      (raw) => {
        const field = Buffer.from([0xfa, 0x7f, 3, 1, 2, 3]);
        raw.bytes(turn % 2 === 0 ? field : Buffer.concat([encodeClientFrame(joinOf(target.own)), field]));
      },
      300,
    ),
  );

/** A frame before the join, a second join, a takeover without a standby, a resume of a stay that is on. */
export const outOfOrder: Attack = (target, answers) =>
  again(target, (turn) =>
    strike(target, answers, turn, async (raw) => {
      const kind = turn % 4;
      if (kind === 0) raw.send({ type: 'heartbeat', id: 1, answer: 0 });
      if (kind === 1) raw.send({ type: 'send', stream: 1, number: 1, data: new Uint8Array(1), sentAt: 0 });
      if (kind < 2) return;
      raw.send(joinOf(target.own));
      const welcome = await raw.first('welcome', 1_000);
      if (welcome === null) return;
      raw.send(kind === 2 ? joinOf(target.own) : resumeOf(target.own, welcome));
    }),
  );
