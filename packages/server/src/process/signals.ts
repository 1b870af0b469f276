import { constants } from 'node:os';
import type { Logger } from 'pino';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** A process ends within this, whatever its clients do; milliseconds. */
const endWithinMs = 900;

/** The first signal stops the process in good order and exits with 0, a second one exits at once. */
export function endOnSignals(log: Logger, stop: () => Promise<void>): void {
  let ending = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (ending) process.exit(128 + constants.signals[signal]);
      ending = true;
      log.info({ signal }, 'told to stop');
      setTimeout(() => process.exit(0), endWithinMs).unref();
      stop().then(
        () => process.exit(0),
        (error) => {
          log.fatal({ err: error }, 'could not stop in good order');
          process.exit(1);
        },
      );
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
