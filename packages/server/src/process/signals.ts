import { constants } from 'node:os';
import type { Logger } from 'pino';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** A process ends within this of being told to stop, whatever its clients do; milliseconds. */
const endWithinMs = 900;

export interface Ending {
  /** Takes its time to end without anybody's noticing (C-53); what has nothing to drain leaves it out. */
  readonly drain?: () => Promise<void>;
  /** Ends within a second. */
  readonly stop: () => Promise<void>;
}

/**
 * SIGTERM drains the process, then stops it; another signal, or a second one, stops it at once, in good order and with
 * exit code 0; one more ends it where it stands.
 */
export function endOnSignals(log: Logger, { drain, stop }: Ending): void {
  let told: 'nothing' | 'to drain' | 'to stop' = 'nothing';
  const end = () => {
    if (told === 'to stop') return;
    told = 'to stop';
    setTimeout(() => process.exit(0), endWithinMs).unref();
    void exitAfter(stop());
  };
  const exitAfter = (ended: Promise<void>) =>
    ended.then(
      () => process.exit(0),
      (error) => {
        log.fatal({ err: error }, 'could not stop in good order');
        process.exit(1);
      },
    );
  for (const signal of signals) {
    process.on(signal, () => {
      if (told === 'to stop') process.exit(128 + constants.signals[signal]);
      log.info({ signal }, told === 'nothing' ? 'told to end' : 'told to end at once');
      if (drain === undefined || signal !== 'SIGTERM' || told === 'to drain') return end();
      told = 'to drain';
      drain().then(end, (error) => {
        log.error({ err: error }, 'could not drain');
        end();
      });
    });
  }
}

/** What nobody expected is logged and ends the process with 1: its state cannot be trusted any more. */
export function endOnSurprise(log: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'unexpected error: this is a bug');
      process.exit(1);
    });
  }
}
