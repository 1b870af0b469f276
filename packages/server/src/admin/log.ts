/** What the server's events are worth in its logs (C-91). Tokens and payloads never appear. */
import type { CloseName } from '@holdfast/core';
import type { Logger } from 'pino';
import { Allowance } from '../bounds/index.ts';
import type { ServerEvent } from '../events.ts';

/**
 * Writes events into a log. Who attacks a server does not fill its disk: of connections that were refused or cut off
 * at most 50 a second are written, then how many more there were (C-81). @param now running time in milliseconds
 */
export class EventLog {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #allowance = new Allowance({ perSecond: endsPerSecond, burst: endsPerSecond });
  #left = 0;

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  write(event: ServerEvent): void {
    if (event.type !== 'ended' && event.type !== 'refused') return logEvent(this.#log, event);
    if (this.#allowance.take(this.#now()) > 0) {
      this.#left += 1;
      return;
    }
    if (this.#left > 0)
      this.#log.warn({ connections: this.#left }, 'more connections ended than are written here');
    this.#left = 0;
    logEvent(this.#log, event);
  }
}

const endsPerSecond = 50;

/**
 * Levels: `fatal` the process ends · `error` a bug or a broken machine, somebody should look today ·
 * `warn` something was refused, cut off or stood still · `info` users and channels come and go ·
 * `debug` connections and presence.
 */
function logEvent(log: Logger, event: ServerEvent): void {
  switch (event.type) {
    case 'joined': {
      const { uid, platform } = event.member;
      return log.info({ ...event.key, uid, platform, tookOver: event.tookOver }, 'joined');
    }
    case 'resumed':
      return log.info({ ...event.key, uid: event.uid }, 'resumed');
    case 'refused':
      return log.info({ close: event.close, address: event.address }, 'refused');
    case 'ended':
      return log[endLevel(event.close)]({ close: event.close, address: event.address }, 'connection ended');
    case 'incarnation': {
      const { key, incarnation } = event;
      if (incarnation === '') return log.info({ ...key }, 'channel destroyed');
      return log.info({ ...key, incarnation }, 'channel began');
    }
    case 'member': {
      const { uid, gone, passed } = event.member;
      return log.debug({ ...event.key, uid, gone, passed }, 'member changed');
    }
    case 'outage': {
      const { marks: _, ...outage } = event.outage;
      return log.info(outage, 'outage over');
    }
  }
}

/** Ends that belong to the normal life of connections; every other end is worth a warning. */
const ordinary: readonly CloseName[] = [
  'done',
  'goingAway',
  'superseded',
  'silent',
  'sameUid',
  'unknownSession',
];

function endLevel(close: CloseName): 'debug' | 'warn' {
  return ordinary.includes(close) ? 'debug' : 'warn';
}
