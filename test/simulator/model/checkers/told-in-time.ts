import type { Model } from '../model.ts';
import type { View } from '../presence.ts';
import type { Reach } from '../reach.ts';
import { at, ms, type Report } from '../report.ts';
import { maybe, no, type Piece, yes } from '../signal.ts';
import { lateMaxMs } from '../silence.ts';
import { overtakenAt } from '../takeover.ts';
import { type Client, endOf, type User } from '../world.ts';
import { type Change, changesOf, stateAt, viewsOf } from './picture.ts';

/**
 * C-2, C-14, C-20, C-22, C-23: every observer is told what became so, at the latest 250 ms after the limit and as
 * soon as its own path lets it be told. What is over before it can be told may cancel out.
 */
export function judgeToldInTime(model: Model, report: Report): void {
  for (const observer of model.world.clients) {
    if (observer.successAt === Number.POSITIVE_INFINITY) continue;
    const stop = Math.min(endOf(observer), overtakenAt(observer), model.world.end);
    for (const user of observer.channel.users.values()) {
      if (user === observer.user) continue;
      for (const { what, view } of viewsOf(observer, model.presence(user))) {
        new Picture(observer, user, what, view, model.down(observer), stop, report).judge();
      }
    }
  }
}

class Picture {
  private readonly observer: Client;
  private readonly user: User;
  private readonly what: 'peer' | 'stream';
  private readonly view: View;
  private readonly down: Reach;
  private readonly stop: number;
  private readonly report: Report;
  private readonly changes: readonly Change[];

  constructor(
    observer: Client,
    user: User,
    what: 'peer' | 'stream',
    view: View,
    down: Reach,
    stop: number,
    report: Report,
  ) {
    this.observer = observer;
    this.user = user;
    this.what = what;
    this.view = view;
    this.down = down;
    this.stop = stop;
    this.report = report;
    this.changes = changesOf(observer, user.uid, what);
  }

  judge(): void {
    let before: Piece | null = null;
    for (const piece of this.view.truth.pieces()) {
      if (piece.value === no && before !== null) this.mustBeGone(piece, before);
      before = piece;
    }
    before = null;
    for (const piece of this.view.forNewcomers.pieces()) {
      if (piece.value === yes) this.mustBeBack(piece, before);
      before = piece;
    }
  }

  private mustBeGone(piece: Piece, before: Piece): void {
    const by = this.by(this.knownAt(Math.max(piece.from, this.observer.successAt)), piece.to);
    if (by === null) return;
    const from = before.value === maybe ? before.from : piece.from;
    if (!stateAt(this.changes, by) || this.changed(false, from, by)) return;
    // Nobody it had been told of went, and by then the user was on its way back.
    if (piece.to <= by && !stateAt(this.changes, piece.from)) return;
    const end = this.what === 'peer' ? 'peer-offline' : 'stream-removed';
    this.accuse(this.promiseOfEnd(piece.from), end, by, `is gone since ${at(piece.from)}`, false);
  }

  private mustBeBack(piece: Piece, before: Piece | null): void {
    const { successAt } = this.observer;
    let since = Math.max(piece.from, successAt);
    for (const spared of this.view.spared) {
      // Whoever could not be told before is told with what comes after.
      if (since < spared.to && this.down.by(since + lateMaxMs) > spared.from) since = spared.to;
    }
    const by = this.by(since + lateMaxMs, piece.to);
    if (by === null) return;
    const from = before?.value === maybe ? before.from : piece.from;
    if (stateAt(this.changes, by) || this.changed(true, from, by)) return;
    const start = this.what === 'peer' ? 'peer-joined' : 'stream-added';
    const promise = piece.from < successAt ? 'C-23' : this.what === 'stream' ? 'C-24' : 'C-20';
    this.accuse(promise, start, by, `is there since ${at(piece.from)}`, true);
  }

  /** C-59: what a killed server knew is told again when the user itself returns or its limit has passed. */
  private knownAt(since: number): number {
    let t = since;
    for (const { from, to, restartAt } of this.view.unheard) {
      if (t >= to || this.down.by(t) <= from) continue;
      t = Math.max(t, Math.min(to + lateMaxMs, this.view.afterRestart(restartAt)));
    }
    return t;
  }

  /** By when the observer must have been told what is so from `since` to `to`; null if it need not be. */
  private by(since: number, to: number): number | null {
    if (since >= to) return null;
    const by = this.down.by(since);
    if (by > this.stop) return null;
    return by < to || this.down.calm(since) ? by : null;
  }

  private changed(on: boolean, from: number, to: number): boolean {
    return this.changes.some((change) => change.on === on && change.t >= from && change.t <= to);
  }

  private promiseOfEnd(t: number): string {
    const { view } = this;
    if (view.stay.at(t) === no) return 'C-14';
    if (view.host.at(t) === no) return 'C-25';
    return view.publishing.at(t) === no ? 'C-24' : 'C-20';
  }

  private accuse(promise: string, what: string, by: number, why: string, on: boolean): void {
    const { observer, user } = this;
    const next = this.changes.find((change) => change.t > by && change.on === on);
    const how = next === undefined ? 'was not told' : `was told ${ms(next.t - by)} too late`;
    const text = `${observer.name} ${how} ${what} of ${user.uid}, who ${why}; due by ${at(by)}`;
    this.report.accuse(promise, next?.t ?? by, observer.name, text);
  }
}
