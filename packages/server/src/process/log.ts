import { type Logger, pino } from 'pino';
import type { Settings } from '../config/index.ts';

/** Log lines that wait because nobody reads them; beyond this they are dropped, and the server goes on. */
const waitingBytesMax = 8_000_000;

/**
 * JSON, one object a line. Written beside the event loop: a reader that stops must not make the server stand still.
 * @param file 1 for standard output, 2 for standard error
 */
export function createLog(level: Settings['logLevel'], file: 1 | 2): Logger {
  const destination = pino.destination({ dest: file, sync: false, minLength: 0, maxLength: waitingBytesMax });
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
