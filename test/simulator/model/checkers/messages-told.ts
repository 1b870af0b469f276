import { History } from '../history.ts';
import type { Model } from '../model.ts';
import { at, type Report } from '../report.ts';
import type { Said } from '../speech.ts';
import type { Client, Received } from '../world.ts';

/** C-60, C-35, C-41: what is told was said, is told once, in order, and only to those who were there. */
export function judgeMessagesTold(model: Model, report: Report): void {
  const history = new History(model);
  for (const hearer of model.world.clients) {
    for (const [uid, received] of hearer.received) {
      const user = hearer.channel.users.get(uid);
      judge(hearer, received, user ? model.speech(user) : [], history, report);
    }
  }
}

function judge(
  hearer: Client,
  received: readonly Received[],
  said: readonly Said[],
  history: History,
  report: Report,
): void {
  const speech = new Map(said.map((one) => [one.message.name, one]));
  const { name } = hearer;
  const told = new Set<string>();
  let newest = -1;
  for (const { t, callback } of received) {
    if (callback.name === 'gap') continue;
    const { message, uid } = callback;
    const one = speech.get(message);
    if (one === undefined) {
      report.accuse('C-60', t, name, `${name} was told ${message} of ${uid}, who said no such thing`);
      continue;
    }
    for (const [promise, what] of faults(hearer, one, callback, history)) {
      report.accuse(promise, t, name, `${name} was told ${message} of ${uid}, ${what}`);
    }
    if (told.has(message)) report.accuse('C-60', t, name, `${name} was told ${message} of ${uid} twice`);
    else if (one.order < newest) {
      report.accuse('C-60', t, name, `${name} was told ${message} of ${uid} after what came later`);
    }
    told.add(message);
    newest = Math.max(newest, one.order);
  }
}

function* faults(
  hearer: Client,
  said: Said,
  callback: Extract<Received['callback'], { name: 'message' }>,
  history: History,
): Generator<[string, string]> {
  const { message, fenced } = said;
  if (callback.stream !== message.stream || callback.bytes !== message.bytes) {
    const got = `${callback.bytes} bytes on stream ${callback.stream}`;
    yield ['C-60', `as ${got}, sent as ${message.bytes} bytes on stream ${message.stream}`];
  }
  if (message.client === hearer) yield ['C-60', 'which is itself'];
  if (history.before(said, hearer)) {
    yield ['C-35', `in the channel's log by ${at(said.loggedBy)}, before it joined`];
  }
  if (fenced) yield ['C-41', `sent at ${at(message.t)} on a connection that had been taken over`];
}
