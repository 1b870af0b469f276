import type { Trace, Violation } from '../trace.ts';
import { judgeAlternation } from './checkers/alternation.ts';
import { judgeBoundedQueues } from './checkers/bounded-queues.ts';
import { judgeCalmEnd } from './checkers/calm-end.ts';
import { judgeDestruction } from './checkers/destruction.ts';
import { judgeFailover } from './checkers/failover.ts';
import { judgeMessagesMissed } from './checkers/messages-missed.ts';
import { judgeMessagesSent } from './checkers/messages-sent.ts';
import { judgeMessagesTold } from './checkers/messages-told.ts';
import { judgeNothingLeft } from './checkers/nothing-left.ts';
import { judgeOneWinner } from './checkers/one-winner.ts';
import { judgeOwnLimits } from './checkers/own-limits.ts';
import { judgeOwnOrder } from './checkers/own-order.ts';
import { judgeReturn } from './checkers/return.ts';
import { judgeToldInTime } from './checkers/told-in-time.ts';
import { judgeToldTruly } from './checkers/told-truly.ts';
import { Model } from './model.ts';
import { type Figures, Report } from './report.ts';

export type { Figures } from './report.ts';

/** Everything that a run's callbacks and remains break of the contract, by time. Empty for a correct run. */
export function judge(trace: Trace): Violation[] {
  return inspect(trace).violations.sort((a, b) => a.t - b.t);
}

/** How late the limits fired. */
export function figures(trace: Trace): Figures {
  return inspect(trace).figures;
}

/** Both, for the price of one. */
export function inspect(trace: Trace): Report {
  const model = new Model(trace);
  const report = new Report();
  judgeOwnLimits(model, report);
  judgeOwnOrder(model, report);
  judgeToldTruly(model, report);
  judgeToldInTime(model, report);
  judgeAlternation(model, report);
  judgeOneWinner(model, report);
  judgeDestruction(model, report);
  judgeNothingLeft(model, report);
  judgeBoundedQueues(model, report);
  judgeReturn(model, report);
  judgeFailover(model, report);
  judgeCalmEnd(model, report);
  judgeMessagesSent(model, report);
  judgeMessagesTold(model, report);
  judgeMessagesMissed(model, report);
  return report;
}
