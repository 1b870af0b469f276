import type { Measured } from './measured.ts';
import { publishing } from './publishing.ts';
import { believedAt, contactOf, impostures, revived, type Unheard, unheardOf } from './restart.ts';
import { both, doubted, maybe, no, Signal, type Turn, turned, whileIn, yes } from './signal.ts';
import { type ContactOf, lateMaxMs, type ServerSilence } from './silence.ts';
import { heirOf, isTakenOver, sameUidLogin } from './takeover.ts';
import type { Client, Interval, User } from './world.ts';

/** C-31: the close of a killed apple client's socket is its goodbye this much later. */
const appleGoodbyeMs = 4_000;

/** What observers of one class are to be told about a user: its presence, or (web) its stream. */
export interface View {
  readonly limitMs: number;
  readonly truth: Signal;
  /** What a newcomer must be told of; C-23 leaves a user out whose silence passed the web's shortest limit. */
  readonly forNewcomers: Signal;
  // Why it can end.
  /** Joined and not left. */
  readonly stay: Signal;
  /** Heard within the limit, as long as it has not left. */
  readonly heard: Signal;
  /** C-25: only hosts are announced in the live profile. */
  readonly host: Signal;
  readonly publishing: Signal;
  /** When newcomers need not be told. */
  readonly spared: readonly Interval[];
  readonly unheard: readonly Unheard[];
  /** C-59: by when a server that started again then finds the user's limit reached. */
  afterRestart(restartAt: number): number;
}

export interface Presence {
  readonly native: View;
  readonly web: View;
  readonly stream: View;
}

/** Section 3: a pure function of the user's packets, the observer's limit and now. */
export function presenceOf(user: User, measured: Measured): Presence {
  const { limits } = measured.world;
  const contact = contactOf(user, measured.world.blackouts);
  const unheard = unheardOf(user, measured);
  const unsure = impostures(user, measured);
  const stay = doubted(forgotten(turned(stayTurns(user, measured)), unheard), unsure);
  const host = doubted(turned(hostTurns(user, measured)), unsure);
  const heardFor = (limitMs: number): Signal =>
    revived(heardWithin(user, limitMs, measured.silence, contact), user, limitMs, measured);
  const heardByNative = heardFor(limits.peerOfflineMs);
  const heardByStream = heardFor(limits.streamRemovedMs);
  const heardByWeb =
    limits.peerLeaveMs === limits.peerOfflineMs
      ? heardByNative
      : limits.peerLeaveMs === null
        ? neverSurelyGone(heardFor(limits.sessionKeepMs))
        : heardFor(limits.peerLeaveMs);
  const published = publishing(user, measured, contact);
  const stream = { ...published, signal: doubted(published.signal, unsure) };
  const afterRestart = (limitMs: number) => (t: number) => measured.silence.afterRestart(t, limitMs);
  const always = Signal.always(yes);
  const native = both(heardByNative, stay, host);
  const web = both(heardByWeb, stay, host);
  const added = both(heardByStream, stay, host, stream.signal);
  const peer = { stay, host: whileIn(stay, host), publishing: always, spared: unheard, unheard };
  return {
    native: {
      ...peer,
      heard: whileIn(stay, heardByNative),
      limitMs: limits.peerOfflineMs,
      truth: native,
      afterRestart: afterRestart(limits.peerOfflineMs),
      forNewcomers: native,
    },
    web: {
      ...peer,
      heard: whileIn(stay, heardByWeb),
      limitMs: limits.peerLeaveMs ?? limits.sessionKeepMs,
      truth: web,
      afterRestart: afterRestart(limits.peerLeaveMs ?? Number.POSITIVE_INFINITY),
      forNewcomers: both(web, heardByStream),
    },
    stream: {
      ...peer,
      publishing: whileIn(stay, stream.signal),
      spared: [...unheard, ...stream.inherited],
      heard: whileIn(stay, heardByStream),
      limitMs: limits.streamRemovedMs,
      truth: added,
      afterRestart: afterRestart(limits.streamRemovedMs),
      forNewcomers: added,
    },
  };
}

/** Heard within the limit: surely until the limit after a sure packet, surely not after the latest firing. */
function heardWithin(user: User, limitMs: number, silence: ServerSilence, contact: ContactOf): Signal {
  const signal = Signal.always(no);
  const { heard } = user;
  let sure = heard[0];
  if (sure === undefined) return signal;
  signal.set(sure.t, yes);
  let value = yes;
  const put = (t: number, next: typeof yes): void => {
    value = next;
    signal.set(Math.max(t, signal.times.at(-1) ?? t), next);
  };
  for (let i = 1; i <= heard.length; i++) {
    const packet = heard[i];
    const t = packet?.t ?? Number.POSITIVE_INFINITY;
    if (value === yes && (t - sure.arrived >= limitMs || silence.hasBlackouts)) {
      // What was waiting in the kernel is read before a limit is judged (C-3): its arrival counts.
      const known = packet === undefined ? t : packet.arrived + silence.relayMs(sure, packet);
      const from = silence.earliest(sure, limitMs, contact);
      if (from <= known) put(from, maybe);
    }
    if (value === maybe) {
      const due = silence.latest(heard, i - 1, limitMs);
      if (due < t) put(due, no);
    }
    if (packet === undefined) break;
    if (value === no) put(t, maybe);
    // The first payload of a connection may be an attempt that comes to nothing.
    if (value === maybe && packet.sure && !packet.first) put(t, yes);
    if (packet.sure) sure = packet;
  }
  return signal;
}

/** With `peer-leave` for silences switched off, only the forgetting of the session may end a peer. */
function neverSurelyGone(heard: Signal): Signal {
  const signal = new Signal();
  for (const { from, value } of heard.pieces()) {
    signal.set(from, value === no && from !== Number.NEGATIVE_INFINITY ? maybe : value);
  }
  return signal;
}

/** C-59: a goodbye is forgotten with the server that read it; a returner's picture may still hold the user. */
function forgotten(stay: Signal, unheard: readonly Unheard[]): Signal {
  if (unheard.length === 0) return stay;
  const signal = new Signal();
  for (const piece of stay.pieces()) {
    signal.set(piece.from, piece.value);
    if (piece.value !== no || piece.from === Number.NEGATIVE_INFINITY) continue;
    const restart = unheard.find(({ restartAt }) => restartAt > piece.from && restartAt < piece.to);
    if (restart !== undefined) signal.set(restart.restartAt, maybe);
  }
  return signal;
}

function stayTurns(user: User, measured: Measured): Turn[] {
  const turns: Turn[] = [];
  for (const client of user.clients) {
    turns.push(...joinTurns(client, true));
    const end = endingTurn(client, measured);
    if (end !== null) turns.push(end);
    if (client.kind === 'apple') turns.push(...appleGoodbyes(client));
  }
  return turns.sort((a, b) => a.from - b.from);
}

function joinTurns(client: Client, on: boolean): Turn[] {
  const { firstHeardAt, enteredFrom, successAt } = client;
  if (firstHeardAt === Number.POSITIVE_INFINITY) return [];
  const join = { from: enteredFrom, due: successAt, on };
  if (enteredFrom === firstHeardAt) return [join];
  // What an attempt did whose answer was lost is not known.
  return [{ from: firstHeardAt, due: Number.POSITIVE_INFINITY, on }, join];
}

function endingTurn(client: Client, measured: Measured): Turn | null {
  const { goodbyeAt, failedAt } = client;
  if (goodbyeAt < Number.POSITIVE_INFINITY) {
    const heir = heirOf(client, goodbyeAt);
    if (heir === undefined) {
      return { from: goodbyeAt, due: believedAt(client, measured) + lateMaxMs, on: false };
    }
    // A goodbye on a connection that a newer client has taken over is nobody's.
    if (heir.successAt <= goodbyeAt) return null;
    return { from: goodbyeAt, due: heir.successAt, on: true, doubt: true };
  }
  const refused = client.failedReason !== sameUidLogin && client.successAt < Number.POSITIVE_INFINITY;
  if (failedAt < Number.POSITIVE_INFINITY && refused && heirOf(client, failedAt) === undefined) {
    // C-43, C-44 end a stay for reasons that no fact tells.
    const heard = client.heard.findLast((packet) => packet.t < failedAt);
    return { from: heard?.t ?? failedAt, due: Number.POSITIVE_INFINITY, on: false };
  }
  return null;
}

/**
 * C-31: a close that a server read may be taken for the goodbye if nothing of the uid is heard for a while. Whether
 * a close was read, and how, is no fact of the trace, so it never must be.
 */
function appleGoodbyes(client: Client): Turn[] {
  const turns: Turn[] = [];
  for (const closed of [client.killedAt, client.leaveAt, client.failedAt, ...client.resets]) {
    if (closed === Number.POSITIVE_INFINITY || heirOf(client, closed) !== undefined) continue;
    const from = closed + appleGoodbyeMs;
    const next = client.user.heard.find((packet) => packet.t > closed);
    if (next !== undefined && next.t < from) continue;
    const back = client.user.heard.find((packet) => packet.t >= from && packet.sure && !packet.first);
    turns.push({ from, due: back?.t ?? Number.POSITIVE_INFINITY, on: true, doubt: true });
  }
  return turns;
}

function hostTurns(user: User, measured: Measured): Turn[] {
  const turns: Turn[] = [];
  for (const client of user.clients) {
    const { enteredFrom, profile } = client;
    const isHost = (role: string): boolean => profile === 'communication' || role === 'host';
    turns.push(...joinTurns(client, isHost(client.role)));
    for (const update of client.updates) {
      if (isTakenOver(client, update.t)) continue;
      const from = Math.max(update.t, enteredFrom);
      turns.push({ from, due: measured.up(client).by(from) + lateMaxMs, on: isHost(update.role) });
    }
  }
  return turns.sort((a, b) => a.from - b.from);
}
