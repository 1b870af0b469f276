import type { Callback } from '../../trace.ts';
import type { Model } from '../model.ts';
import type { Presence, View } from '../presence.ts';
import { at, ms, type Report } from '../report.ts';
import { maybe, type Signal } from '../signal.ts';
import { lateMaxMs, storeRoundTripMs } from '../silence.ts';
import type { Client, Told, User } from '../world.ts';

const reasonNames = ['quit', 'dropped', 'became audience'];
/** An outage over which something was told shorter than this was healed, not merely judged too early. */
const healedMs = 2_500;

/**
 * Never early, never false, never stale (C-2, C-20, C-30, section 3): whatever an observer is told about a user
 * was so at a moment from which the words may still have been under way.
 */
export function judgeToldTruly(model: Model, report: Report): void {
  for (const observer of model.world.clients) {
    for (const [uid, list] of observer.about) {
      const user = observer.channel.users.get(uid);
      if (user === observer.user) continue; // for the checker of alternation
      for (const told of list) {
        if (user === undefined) {
          report.accuse(
            'C-21',
            told.t,
            observer.name,
            `${observer.name} was told of uid ${uid}, who never joined`,
          );
        } else {
          judge(observer, user, told, model, report);
        }
      }
    }
  }
}

function judge(observer: Client, user: User, told: Told, model: Model, report: Report): void {
  const presence = model.presence(user);
  const view = viewFor(observer, told.callback, presence);
  if (view === null) return;
  const standing = new Standing(observer, told, model);
  const { callback } = told;
  if (told.readAt < told.t - lateMaxMs) {
    const text = `${observer.name} was told ${callback.name} of ${user.uid}, having read nothing since`;
    report.accuse(
      'C-22',
      told.t,
      observer.name,
      `${text} ${at(told.readAt)}: away, its picture must not move`,
    );
  }
  if (callback.name === 'peer-joined' || callback.name === 'stream-added') {
    const present = view.truth.lastAtLeast(maybe, told.t);
    if (!standing.mayCome(present)) accuseFalseJoin(observer, user, told, present, report);
    return;
  }
  const causes = [...causesOf(callback, view), ...causeLost(told, view, model)];
  if (!causes.some((cause) => standing.mayCome(cause.lastAtMost(maybe, told.t)))) {
    accuseFalseEnd(observer, user, told, view, standing, report);
    return;
  }
  sample(observer, told, view, model, report);
}

/** What of the past an observer may still be told at the time of a callback. */
class Standing {
  private readonly observer: Client;
  private readonly told: Told;
  private readonly model: Model;
  private readonly relayMs: number;

  constructor(observer: Client, told: Told, model: Model) {
    this.observer = observer;
    this.told = told;
    this.model = model;
    this.relayMs = model.world.cluster ? storeRoundTripMs : 0;
  }

  /** `so`: the last moment at which what the callback says was so. */
  mayCome(so: number): boolean {
    if (so === Number.NEGATIVE_INFINITY) return false;
    if (so === this.told.t) return true;
    // C-22: a new connection brings the difference as of its resume, not what began and ended before.
    const resumed = this.told.via?.firstHeardAt ?? Number.POSITIVE_INFINITY;
    if (resumed < Number.POSITIVE_INFINITY && so + this.relayMs < resumed) return false;
    return this.model.down(this.observer).by(so + this.relayMs) >= this.told.t;
  }
}

function viewFor(observer: Client, callback: Callback, presence: Presence): View | null {
  if (callback.name === 'stream-added' || callback.name === 'stream-removed') {
    return observer.kind === 'web' ? presence.stream : null;
  }
  return observer.kind === 'web' ? presence.web : presence.native;
}

function causesOf(callback: Callback, view: View): Signal[] {
  // A goodbye is told as peer-leave, which ends the stream with it (C-21).
  if (callback.name === 'stream-removed') return [view.heard, view.host, view.publishing];
  if (callback.name !== 'peer-offline') return [];
  if (callback.reason === 0) return [view.stay];
  if (callback.reason === 1) return [view.heard];
  return callback.reason === 2 ? [view.host] : [];
}

/** Why somebody went is lost with the memory of the server that knew: whoever was away then is told of a drop (C-59). */
function causeLost({ t, callback }: Told, { stay }: View, { world }: Model): Signal[] {
  if (callback.name !== 'peer-offline' || callback.reason !== 1 || !world.oneProcess) return [];
  const since = stay.sinceAtMost(maybe, t);
  return world.blackouts.some(({ from, to }) => since <= from && to <= t) ? [stay] : [];
}

function accuseFalseJoin(observer: Client, user: User, told: Told, present: number, report: Report): void {
  const name = told.callback.name;
  const why =
    present === Number.NEGATIVE_INFINITY
      ? 'had not come yet or is not to be announced'
      : `was gone since ${at(present)}`;
  const promise = user.clients.some((client) => client.profile === 'live') ? 'C-25' : 'C-21';
  report.accuse(
    promise,
    told.t,
    observer.name,
    `${observer.name} was told ${name} of ${user.uid}, who ${why}`,
  );
}

function accuseFalseEnd(
  observer: Client,
  user: User,
  told: Told,
  view: View,
  standing: Standing,
  report: Report,
): void {
  const { t, callback } = told;
  const reason = callback.name === 'peer-offline' ? callback.reason : null;
  const what = reason === null ? 'stream-removed' : `peer-offline (${reasonNames[reason] ?? reason})`;
  const says = `${observer.name} was told ${what} of ${user.uid}`;
  const gone = view.truth.lastAtMost(maybe, t);
  if (reason !== null && standing.mayCome(gone)) {
    report.accuse(reason === 2 ? 'C-25' : 'C-20', t, observer.name, `${says}: not the reason it went for`);
    return;
  }
  if (reason === 0 || reason === 2) {
    const lacking = reason === 0 ? 'a goodbye' : 'becoming audience';
    report.accuse(reason === 0 ? 'C-30' : 'C-25', t, observer.name, `${says} without ${lacking}`);
    return;
  }
  const last = user.heard.findLast((packet) => packet.t <= t && packet.sure);
  if (last === undefined) {
    report.accuse('C-21', t, observer.name, `${says}, who was never heard`);
    return;
  }
  const silence = t - last.arrived;
  if (silence > healedMs) {
    // The bare silence may be long enough where a stall (C-3) or a restart (C-59) was none of it.
    const early =
      silence < view.limitMs ? `${ms(view.limitMs - silence)} early` : 'before it could be judged';
    const text = `${says} ${early}: last packet ${at(last.arrived)}`;
    report.accuse('C-2', t, observer.name, `${text}, limit ${view.limitMs} ms`);
    return;
  }
  const first = user.clients.indexOf(last.connection.client) === 0;
  report.accuse(first ? 'C-11' : 'C-30', t, observer.name, `${says}, who was heard at ${at(last.arrived)}`);
}

/** How late the end of a silence was told where nothing but the path lay between. */
function sample(observer: Client, { t, callback }: Told, view: View, model: Model, report: Report): void {
  if (callback.name === 'peer-offline' && callback.reason !== 1) return;
  if (view.heard.at(t) === 2) return;
  const from = view.heard.sinceAtMost(maybe, t);
  const down = model.down(observer);
  if (from < observer.successAt || !down.calm(from)) return;
  const late = t - from - (down.setting(from)?.delayMs ?? 0);
  const { figures } = report;
  if (callback.name === 'stream-removed') figures.streamRemoved.push(late);
  else if (observer.kind === 'web') figures.peerLeave.push(late);
  else figures.peerOffline[observer.kind].push(late);
}
