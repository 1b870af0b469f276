/** What settings must fulfil together: each number alone may be allowed and the set still promise nothing. */
import { isIP } from 'node:net';
import type { z } from 'zod';
import { certificateFault, certificatePattern } from './apps.ts';

/** The part of the settings that depends on another part. */
interface Dependent {
  readonly host: string;
  readonly insecure: boolean;
  readonly appId: readonly string[];
  readonly appCertificate: readonly string[];
  readonly publicUrl: string | null;
  readonly servers: readonly string[];
  readonly redis: string | null;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  readonly trustProxy: readonly string[];
  readonly bounds: {
    readonly uidMin: number;
    readonly uidMax: number;
    readonly framesPerSecond: number;
    readonly messagesPerSecond: number | null;
  };
  readonly limits: {
    readonly interruptedMs: number;
    readonly lostMs: number;
    readonly giveUpMs: number | null;
    readonly peerOfflineMs: number;
    readonly streamRemovedMs: number;
    readonly peerLeaveMs: number | null;
    readonly channelDestroyMs: number;
    readonly appleGoodbyeMs: number | null;
    readonly sessionKeepMs: number;
    readonly heartbeatMs: number;
  };
}

type Limit = keyof Dependent['limits'];

export function checkConsistency(settings: Dependent, context: z.RefinementCtx): void {
  const { limits, host, insecure } = settings;
  const report = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  const must = (name: Limit, holds: boolean, what: string) => {
    if (!holds) report(['limits', name], what);
  };
  const { interruptedMs, lostMs, giveUpMs, peerLeaveMs, streamRemovedMs, heartbeatMs } = limits;

  for (const name of ['interruptedMs', 'peerOfflineMs', 'streamRemovedMs'] as const) {
    const twice = limits[name] >= 2 * heartbeatMs;
    must(
      name,
      twice,
      `must be at least twice limits.heartbeatMs (${heartbeatMs}), or one late heartbeat passes it`,
    );
  }
  must('lostMs', lostMs > interruptedMs, `must be more than limits.interruptedMs (${interruptedMs})`);
  must(
    'giveUpMs',
    giveUpMs === null || giveUpMs > lostMs,
    `must be more than limits.lostMs (${lostMs}), or null`,
  );
  const inOrder = peerLeaveMs === null || peerLeaveMs >= streamRemovedMs;
  must('peerLeaveMs', inOrder, `must be at least limits.streamRemovedMs (${streamRemovedMs}), or null`);

  const { name, value } = longestLimit(limits);
  const kept = limits.sessionKeepMs >= value;
  must('sessionKeepMs', kept, `must be at least the longest other limit, limits.${name} (${value})`);

  checkEntrance(settings, report);
  if (settings.servers.length > 0 && settings.publicUrl === null) {
    report(
      ['servers'],
      'needs publicUrl as well: clients are told the addresses of all servers, this one among them',
    );
  }
  if (settings.servers.length > 0 && settings.redis === null) {
    report(
      ['servers'],
      'needs redis as well: of servers that share nothing each knows only its own users, and whoever moves is told that the others have gone',
    );
  }
  const legible = settings.appCertificate.every((text) => certificatePattern.test(text));
  const fault = legible ? certificateFault(settings) : null;
  if (fault !== null) report(['appCertificate'], fault);
  if (!insecure && !isLoopback(host) && settings.appCertificate.length === 0) {
    const why = 'is not loopback, and without an app certificate anyone who reaches it may join as anyone';
    report(
      ['host'],
      `${why}: set appCertificate, keep 127.0.0.1, or say --insecure if that is what you want`,
    );
  }
}

type ReportFault = (path: string[], message: string) => void;

/** TLS, proxies, and what is taken from whom. */
function checkEntrance(settings: Dependent, report: ReportFault): void {
  if ((settings.tlsCert === null) !== (settings.tlsKey === null)) {
    const [missing, given] = settings.tlsCert === null ? ['tlsCert', 'tlsKey'] : ['tlsKey', 'tlsCert'];
    report([missing], `must be set as well: ${given} alone makes no TLS`);
  }
  if (settings.trustProxy.length > 1 && settings.trustProxy.some((each) => /^\d+$/.test(each)))
    report(['trustProxy'], 'must be addresses and networks, or one number of proxies and nothing else');

  const { uidMin, uidMax, framesPerSecond, messagesPerSecond } = settings.bounds;
  if (uidMax < uidMin) report(['bounds', 'uidMax'], `must be at least bounds.uidMin (${uidMin})`);
  if (messagesPerSecond !== null && messagesPerSecond >= framesPerSecond) {
    const why = 'each of them is a frame, and heartbeats are frames too';
    report(
      ['bounds', 'messagesPerSecond'],
      `must be less than bounds.framesPerSecond (${framesPerSecond}): ${why}`,
    );
  }
}

/** Does this name or address lead to this machine only (C-82)? */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(bare) === 4) return bare.startsWith('127.');
  return bare === '::1' || bare === 'localhost';
}

/** Of the limits after which somebody may still have to be told something about a session. */
function longestLimit(limits: Dependent['limits']): { name: Limit; value: number } {
  const names = ['lostMs', 'peerOfflineMs', 'streamRemovedMs', 'peerLeaveMs', 'channelDestroyMs'] as const;
  return names
    .map((name) => ({ name, value: limits[name] ?? 0 }))
    .reduce((longest, each) => (each.value > longest.value ? each : longest));
}
