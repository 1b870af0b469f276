/**
 * The end of a Node process is a leave (C-31), and ends as it would have without this file: with the same exit
 * code or signal. `exit` tells of everything but signals that nobody handles. A goodbye is written while `exit` is
 * being told; TLS alone cannot do so when it has sent something in the same turn of the event loop, and a
 * connection that takes nothing more cannot: then the server takes the closed connection for the goodbye.
 */
import { isatty } from 'node:tty';
import type { Cancel } from '../driver/host.ts';
import type { Leaver, WatchEnd } from './ends.ts';

const leavers = new Set<Leaver>();

/** Has `leaver` leave at the end of this process. After the last `Cancel` no listener is left behind. */
export const watchProcessEnd: WatchEnd = (leaver: Leaver): Cancel => {
  leavers.add(leaver);
  if (leavers.size === 1) watch();
  return () => {
    if (leavers.delete(leaver) && leavers.size === 0) unwatch();
  };
};

// Electron ends on these signals as on quitting; where Windows ends a process, nothing can be raised again.
const raisable = process.platform !== 'win32' && process.versions.electron === undefined;
const signals: readonly NodeJS.Signals[] = raisable ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : [];

function watch(): void {
  process.on('exit', leave);
  process.on('newListener', listenerComes);
  process.on('removeListener', listenerGone);
  for (const signal of signals) settle(signal);
}

function unwatch(): void {
  process.off('exit', leave);
  process.off('newListener', listenerComes);
  process.off('removeListener', listenerGone);
  for (const signal of signals) process.off(signal, raised);
}

function leave(): void {
  for (const leaver of [...leavers]) leaver.leave();
}

/**
 * A signal is listened to only while nobody else does: what a handler of the application's does is the
 * application's word, and many decide by counting the listeners whether they are the only ones.
 */
function settle(signal: NodeJS.Signals): void {
  const listeners = process.listeners(signal);
  const ours = listeners.includes(raised);
  if (ours && listeners.length > 1) process.off(signal, raised);
  else if (!ours && listeners.length === 0 && leavers.size > 0) process.on(signal, raised);
}

/** Node takes a signal's last listener for the end of listening, so ours goes after the other one is there. */
function listenerComes(event: string | symbol, listener: unknown): void {
  if (isSignal(event) && listener !== raised) process.nextTick(settle, event);
}

/** At once: the one who is going may be about to raise the signal again. */
function listenerGone(event: string | symbol, listener: unknown): void {
  if (isSignal(event) && listener !== raised) settle(event);
}

function isSignal(event: string | symbol): event is NodeJS.Signals {
  return signals.includes(event as NodeJS.Signals);
}

/** Nobody else handles the signal: it ends the process as soon as the goodbyes are with the system. */
function raised(signal: NodeJS.Signals): void {
  // The system ignores what the first process of a container does not handle.
  if (process.listenerCount(signal) > 1 || process.pid === 1) return;
  const leaving = [...leavers];
  leave();
  leavers.clear();
  unwatch();
  restoreTerminal();
  const until = performance.now() + longestWaitMs;
  const raise = () => {
    const sent = leaving.every(({ unsentBytes }) => unsentBytes === 0);
    if (sent || performance.now() > until) process.kill(process.pid, signal);
    else setTimeout(raise, 1);
  };
  raise();
}

/** A connection that takes nothing more keeps the process this long. */
const longestWaitMs = 500;

/** Node does this itself when a signal ends it that has never had a listener. */
function restoreTerminal(): void {
  if (isatty(0) && process.stdin.isRaw) process.stdin.setRawMode(false);
}
