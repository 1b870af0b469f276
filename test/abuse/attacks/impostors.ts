/** Those who claim to be somebody else, or to be somewhere else, or who do not go. */
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeClientFrame } from '@holdfast/core';
import { credentialsOf, joined, joinOf, Raw, resumeOf } from '../raw.ts';
import { type Attack, addressAt, again, strike } from './attack.ts';

/** The bytes of a resume that once was good, again and again, from elsewhere. */
export const replayedResumes: Attack = async (target, answers) => {
  const stay = { ...target.own, uid: 4_000_000 };
  const entered = await joined(target.url, stay, target.from[0]);
  if (entered === null) return answers.note('not let in');
  const recorded = encodeClientFrame(resumeOf(stay, entered.welcome, { attempt: 2 }));
  const newest = new Raw(target.url, target.from[0]);
  await newest.opened();
  newest.send(resumeOf(stay, entered.welcome, { attempt: 3 }));
  await newest.first('welcome');
  await again(target, (turn) => strike(target, answers, turn, (raw) => raw.bytes(recorded)));
  answers.note(`the stay itself: ${newest.ended ?? 'goes on'}`);
  newest.close();
};

/** Somebody's session id and token, but not the secret: as resume, standby, leave. */
export const stolenSession: Attack = (target, answers) =>
  again(target, (turn) => {
    const { stay, session, join } = target.victim;
    const secret = `${turn}`.padEnd(32, '0');
    return strike(
      target,
      answers,
      turn,
      (raw) => {
        if (turn % 3 === 2) {
          const credentials = credentialsOf(stay);
          return raw.send({ type: 'leave', credentials, uid: stay.uid, account: '', session, secret, join });
        }
        const position = { incarnation: '', epoch: 1, seq: 0 };
        const standby = turn % 3 === 1;
        const resume = resumeOf(stay, { uid: stay.uid, session, secret, join, position } as never, {
          standby,
        });
        raw.send({ ...resume, attempt: 1_000_000 + turn });
      },
      300,
    );
  });

/** A connection that was replaced goes on sending. */
export const fenced: Attack = (target, answers) =>
  again(
    target,
    async (turn) => {
      const stay = { ...target.own, uid: 5_000_000 + (turn % 20) };
      const entered = await joined(target.url, stay, addressAt(target, turn));
      if (entered === null) {
        answers.note('not let in');
        return sleep(200);
      }
      const next = new Raw(target.url, addressAt(target, turn));
      await next.opened();
      next.send(resumeOf(stay, entered.welcome));
      for (let number = 1; number <= 100 && entered.raw.ended === null; number += 1) {
        entered.raw.send({ type: 'send', stream: 1, number, data: new Uint8Array(100), sentAt: 0 });
        answers.attempts += 1;
        await sleep(5);
      }
      answers.note(`the replaced one: ${entered.raw.ended ?? 'goes on'}`);
      answers.note(`the newest one: ${next.ended ?? 'goes on'}`);
      entered.raw.close();
      next.close();
    },
    10,
  );

const badNames: Readonly<Record<string, string>> = {
  'of 10 kB': 'n'.repeat(10_000),
  empty: '',
  'with a control character': 'a\u0000b',
  'with a line break': 'a\nb',
  'of 65 bytes': 'ä'.repeat(33),
};

/** Channel names and accounts that are none. */
export const names: Attack = (target, answers) =>
  again(target, (turn) => {
    const name = Object.values(badNames)[turn % 5] ?? '';
    const stay = turn % 2 === 0 ? { ...target.own, channel: name } : target.own;
    const change = turn % 2 === 0 ? {} : { account: name || '\u0007', uid: 0 };
    return strike(target, answers, turn, (raw) => raw.send(joinOf(stay, change)));
  });

/** Tokens that are cut short, of another app, channel or user, expired, or somebody's idea of a token. */
export const tokens: Attack = (target, answers) =>
  again(target, (turn) => {
    const list = Object.values(target.badTokens);
    const token = list[turn % list.length] ?? '';
    return strike(target, answers, turn, (raw) => raw.send(joinOf({ ...target.own, uid: 7, token })));
  });
