/** Everything that `holdfast doctor` looks at, in the order in which it is told. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Settings } from '../../config/index.ts';
import { CertificateError, readCertificate } from '../../process/certificate.ts';
import { type Finding, fails, ok, warn } from './finding.ts';
import { answersHealth, bindsTcp, bindsUdp, opensWebSocket } from './reach.ts';
import { examineRedis } from './redis.ts';
import { examineTokens } from './tokens.ts';

/** @param token to be judged by these settings; null: none */
export async function* examine(settings: Settings, token: string | null): AsyncGenerator<Finding> {
  yield* examineTokens(settings, token);
  yield descriptors(settings);
  yield* certificate(settings);
  const running = await isRunning(settings);
  yield await tcpPort(settings, running);
  if (settings.media.enabled) {
    yield await mediaEngine();
    yield await udpPort(settings, running);
  }
  if (settings.publicUrl !== null) yield await publicUrl(settings.publicUrl, running);
  if (settings.redis !== null) yield* examineRedis(settings.redis, settings);
  for (const url of settings.servers) yield await other(url);
}

export function examineNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  return fits ? ok('node', version) : fails('node', `${version} is too old: install 20.19 or newer`);
}

/** Linux only: elsewhere nothing is said. */
function descriptors({ bounds }: Settings): Finding {
  const what = 'open files';
  const needed = bounds.connections + spareFiles;
  try {
    const [, soft = ''] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (soft === 'unlimited' || Number(soft) >= needed)
      return ok(what, `${soft} are enough for ${bounds.connections} connections`);
    return warn(
      what,
      `ulimit -n is ${soft}: raise it to ${needed}, or set bounds.connections to ${Math.max(1, Number(soft) - spareFiles)}`,
    );
  } catch {
    return warn(what, `their limit is not known here: it should be at least ${needed}`);
  }
}

function* certificate({ tlsCert, tlsKey, publicUrl }: Settings): Generator<Finding> {
  if (tlsCert === null || tlsKey === null) {
    const text = publicUrl?.startsWith('wss:')
      ? 'none here: something before this server has to speak TLS'
      : 'none';
    yield ok('TLS', text);
    return;
  }
  try {
    const { cert } = readCertificate({ tlsCert, tlsKey });
    yield* validity(new X509Certificate(cert), publicUrl);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    yield fails('TLS', error.message);
  }
}

function* validity(cert: X509Certificate, publicUrl: string | null): Generator<Finding> {
  const leftMs = Date.parse(cert.validTo) - Date.now();
  const days = Math.floor(leftMs / dayMs);
  if (leftMs <= 0) yield fails('TLS', `the certificate has expired on ${cert.validTo}: renew it`);
  else if (days < soonDays)
    yield warn('TLS', `the certificate expires in ${days} days: renew it; it is read again then`);
  else yield ok('TLS', `key and certificate fit, ${days} days are left`);
  const host = publicUrl === null ? null : new URL(publicUrl).hostname;
  if (host !== null && cert.checkHost(host) === undefined && cert.checkIP(host) === undefined)
    yield warn('TLS', `the certificate is not for ${host}, which publicUrl names: browsers will refuse it`);
}

async function isRunning({ host, port, tlsCert }: Settings): Promise<boolean> {
  const place = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return (await answersHealth(`${tlsCert === null ? 'ws' : 'wss'}://${place}:${port}`, true)) === null;
}

async function tcpPort({ host, port }: Settings, running: boolean): Promise<Finding> {
  const what = `port ${port}`;
  if (running) return ok(what, 'a Holdfast server answers there');
  const fault = await bindsTcp(host, port);
  return fault === null
    ? ok(what, `free on ${host}`)
    : fails(what, `cannot be listened on at ${host}: ${fault}`);
}

async function mediaEngine(): Promise<Finding> {
  try {
    await import('../../media/datachannel-engine.ts');
    return ok('media engine', 'loads');
  } catch (error) {
    const [line] = String(error).split('\n');
    return fails('media engine', `does not load (${line}): install again, or set media.enabled to false`);
  }
}

async function udpPort({ host, port, media }: Settings, running: boolean): Promise<Finding> {
  const what = `UDP port ${media.port ?? port}`;
  const fault = await bindsUdp(host, media.port ?? port);
  if (fault === null) return ok(what, 'free; clients must be able to reach it');
  return running ? ok(what, 'taken, by the server that runs') : fails(what, `cannot be bound: ${fault}`);
}

async function publicUrl(url: string, running: boolean): Promise<Finding> {
  const what = `publicUrl ${url}`;
  const fault = (await answersHealth(url)) ?? (await opensWebSocket(url));
  if (fault === null) return ok(what, 'a server answers, and opens a WebSocket');
  return running
    ? fails(what, `${fault}, though the server runs: look at what is between`)
    : warn(what, `${fault}: look again when the server runs`);
}

async function other(url: string): Promise<Finding> {
  const fault = await answersHealth(url);
  return fault === null ? ok(`server ${url}`, 'answers') : warn(`server ${url}`, fault);
}

/** Files, listeners and Redis, besides one for each connection. */
const spareFiles = 1_000;
const dayMs = 86_400_000;
const soonDays = 14;
