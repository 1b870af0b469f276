import { History } from '../history.ts';
import type { Model } from '../model.ts';
import type { Reach } from '../reach.ts';
import { at, type Report } from '../report.ts';
import { lateMaxMs } from '../silence.ts';
import type { Said } from '../speech.ts';
import { heirOf } from '../takeover.ts';
import type { Client, Received, User } from '../world.ts';
import { endsCalm } from './calm.ts';

const neverTold = -1;

/** C-60, C-62: whoever is there is told everything, or that something is missing, and how much. */
export function judgeMessagesMissed(model: Model, report: Report): void {
  const history = new History(model);
  for (const hearer of model.world.clients) {
    if (hearer.successAt > model.world.end) continue;
    for (const user of hearer.channel.users.values()) {
      if (user === hearer.user) continue;
      const received = hearer.received.get(user.uid) ?? [];
      if (received.length === 0 && model.speech(user).length === 0) continue;
      new Hearing(hearer, user, model, history, report).judge(received);
    }
  }
}

type Gap = Extract<Received['callback'], { name: 'gap' }>;

/** What was told of one data stream. */
interface Line {
  readonly said: readonly Said[];
  /** Index of the newest message that was told. */
  newest: number;
  /** Told as missing since then. */
  missed: number;
  /** When it was told that nobody knows how many are missing since then. */
  unknownAt: number;
}

/** One client listens to one user. */
class Hearing {
  private readonly hearer: Client;
  private readonly user: User;
  private readonly model: Model;
  private readonly history: History;
  private readonly report: Report;
  private readonly lines = new Map<number, Line>();
  /** From here on, in the order in which the user said things, the hearer was there without doubt. */
  private thereFrom = Number.POSITIVE_INFINITY;

  constructor(hearer: Client, user: User, model: Model, history: History, report: Report) {
    this.hearer = hearer;
    this.user = user;
    this.model = model;
    this.history = history;
    this.report = report;
  }

  judge(received: readonly Received[]): void {
    for (const { t, callback } of received) {
      const line = this.line(callback.stream);
      if (callback.name === 'gap') this.gap(t, callback, line);
      else this.message(t, callback.message, line);
    }
    if (!endsCalm(this.hearer, this.model)) return;
    for (const { message } of this.model.speech(this.user)) this.line(message.stream);
    for (const line of this.lines.values()) this.end(line);
  }

  private line(stream: number): Line {
    let line = this.lines.get(stream);
    if (line === undefined) {
      const said = this.model.speech(this.user).filter(({ message }) => message.stream === stream);
      const nothing = { newest: neverTold, missed: 0 };
      line = { said, ...nothing, unknownAt: Number.NEGATIVE_INFINITY };
      this.lines.set(stream, line);
    }
    return line;
  }

  private message(t: number, name: string, line: Line): void {
    const index = line.said.findIndex(({ message }) => message.name === name);
    if (index <= line.newest) return;
    const between = line.said.slice(line.newest + 1, index);
    const least = between.filter((said) => this.mustHear(said) && !this.forgotten(said)).length;
    const most = between.filter((said) => this.mayHear(said)).length;
    const known = line.unknownAt === Number.NEGATIVE_INFINITY;
    if (known && line.missed < least)
      this.accuse(t, `${name}: ${least} before it are missing, ${line.missed} told`);
    if (line.missed > most) this.accuse(t, `${name}: ${most} before it are missing, ${line.missed} told`);
    this.thereFrom = Math.min(this.thereFrom, line.said[index]?.order ?? Number.POSITIVE_INFINITY);
    line.newest = index;
    line.missed = 0;
    line.unknownAt = Number.NEGATIVE_INFINITY;
  }

  private gap(t: number, { stream, missed, from, to, reason }: Gap, line: Line): void {
    const what = `a gap of ${missed} on stream ${stream} (${reason}, ${from} to ${to})`;
    const lost = this.lostBefore(t, line);
    if (missed === -1) {
      line.unknownAt = t;
      // Of a lost log nobody knows how much was in it, or whether anything was.
      if (!lost) this.accuse(t, `${what}, although no log was lost`);
      return;
    }
    if (missed < 1 || to - from + 1 !== missed) this.accuse(t, `${what}, which is none`);
    line.missed += missed;
    this.judgeSize(t, what, lost, line);
  }

  private judgeSize(t: number, what: string, lost: boolean, line: Line): void {
    const { history, hearer } = this;
    const after = line.said.slice(line.newest + 1).filter(({ message }) => message.t <= t);
    const missing = after.filter((said) => this.mayHear(said));
    const [first] = missing;
    if (line.missed > missing.length) {
      const early =
        after.length > missing.length ? `, and ${after.length - missing.length} before it came` : '';
      this.accuse(t, `${what}, although only ${missing.length} can be missing${early}`);
      line.missed = missing.length;
    } else if (first !== undefined && !lost && history.holds(hearer.channel, first, t)) {
      this.accuse(t, `${what}, although the history holds everything since ${at(first.message.t)}`);
    }
  }

  /** What was told last may have been on its way for long: it tells of the log as it was when it was said. */
  private lostBefore(t: number, line: Line): boolean {
    const since = line.said[line.newest]?.message.t ?? this.hearer.successAt;
    return this.history.lost(this.hearer.channel, since, t);
  }

  /** What was said must have been heard, or told as missing, by the end of a run that ended calm. */
  private end(line: Line): void {
    const { end } = this.model.world;
    const down = this.model.down(this.hearer);
    const missing = line.said.slice(line.newest + 1).filter((said) => this.mustHear(said));
    const due = missing.filter(
      (said) =>
        said.message.t > line.unknownAt && this.dueBy(down, said.loggedBy) <= end && !this.forgotten(said),
    );
    const [first] = due;
    if (first === undefined || due.length <= line.missed) return;
    const which = `${first.message.name}, in the log by ${at(first.loggedBy)}`;
    this.accuse(end, `${due.length} messages since ${which}; ${line.missed} told as missing`, 'C-60');
  }

  /** Lost with a server's memory before the hearer had it, of a sender that never came back, or only to hear of its heir: nobody is left who knows (C-59). */
  private forgotten({ client, loggedBy }: Said): boolean {
    const { oneProcess, blackouts } = this.model.world;
    const down = this.model.down(this.hearer);
    return (
      oneProcess &&
      blackouts.some(
        ({ from, to }) =>
          this.dueBy(down, loggedBy) > from &&
          !client.heard.some(({ t }) => t >= to && heirOf(client, t) === undefined),
      )
    );
  }

  private dueBy(down: Reach, loggedBy: number): number {
    return down.by(Math.max(loggedBy, this.hearer.successAt) + lateMaxMs) + lateMaxMs;
  }

  /** In the log without doubt, after the hearer had come. */
  private mustHear({ message, order, loggedBy, fenced }: Said): boolean {
    if (loggedBy > this.model.world.end || fenced) return false;
    return message.t >= this.hearer.successAt || order > this.thereFrom;
  }

  private mayHear(said: Said): boolean {
    return said.order > this.thereFrom || !this.history.before(said, this.hearer);
  }

  private accuse(t: number, text: string, promise = 'C-62'): void {
    const { name } = this.hearer;
    this.report.accuse(promise, t, name, `${name} hears ${this.user.uid}: ${text}`);
  }
}
