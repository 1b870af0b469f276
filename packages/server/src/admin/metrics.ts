/** What a server counts, in Prometheus' text format. Names of users, channels and apps are never labels. */
import { difference } from '@holdfast/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ServerEvent } from '../events.ts';

/** What is read at the moment of asking. */
export interface Gauges {
  readonly sessions: () => number;
  readonly connections: () => number;
  readonly channels: () => number;
}

export interface Metrics {
  /** Counts what the server did. */
  count(event: ServerEvent): void;
  /** The process stood still for so many milliseconds (C-3). */
  stalled(ms: number): void;
  /** The event loop was late by so many milliseconds. */
  lagged(ms: number): void;
  /** Everything, in the text format of `contentType`. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** @param prefixless process-wide figures (memory, garbage collection, CPU) are added when true */
export function createMetrics(gauges: Gauges, withProcess = true): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  for (const [name, read] of Object.entries(gauges)) gauge(registry, name, read);

  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `holdfast_${name}_total`, help, labelNames, registers });
  const joins = counter('joins', 'Joins, by kind: fresh, or taking over a session.', ['kind']);
  const resumes = counter('resumes', 'Sessions that came back on a new connection.');
  const refusals = counter('refusals', 'First frames refused on a connection that goes on, by close code.', [
    'close',
  ]);
  const ends = counter('connection_ends', 'Connections that the server ended, by close code.', ['close']);
  const edges = counter('edges', 'Changes that observers of a class must be told.', ['observer', 'kind']);
  const outages = counter('outages', 'Silences that passed a limit and ended, by end.', ['end']);
  const stalls = counter('stalls', 'Times that the process stood still for more than 500 ms.');
  const stalledSeconds = counter('stalled_seconds', 'How long the process stood still in all.');
  const lag = new Histogram({
    name: 'holdfast_event_loop_lag_seconds',
    help: 'How late the event loop came to its tick every 100 ms.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
    registers,
  });

  return {
    count(event) {
      switch (event.type) {
        case 'joined':
          return joins.inc({ kind: event.tookOver ? 'takeover' : 'fresh' });
        case 'resumed':
          return resumes.inc();
        case 'refused':
          return refusals.inc({ close: event.close });
        case 'ended':
          return ends.inc({ close: event.close });
        case 'outage':
          return outages.inc({ end: event.outage.end });
        case 'member':
          for (const observer of ['native', 'web'] as const)
            for (const { type } of difference(event.before, event.member, observer))
              edges.inc({ observer, kind: type });
      }
    },
    stalled(ms) {
      stalls.inc();
      stalledSeconds.inc(ms / 1_000);
    },
    lagged: (ms) => lag.observe(ms / 1_000),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function gauge(registry: Registry, name: string, read: () => number): void {
  new Gauge({
    name: `holdfast_${name}`,
    help: `Number of ${name} on this server.`,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
