/** The host of Node and Electron's main process. The only file of the SDK that imports `ws`. */
import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { Hint, Platform } from '@holdfast/core';
import WebSocket from 'ws';
import { timerAlarm } from './alarm.ts';
import {
  abnormal,
  type Cancel,
  type Host,
  largestMessageBytes,
  rethrow,
  sendableCode,
  stillborn,
  type Transport,
  type TransportEvents,
  untold,
} from './host.ts';
import { machineNetworkType } from './network-type.ts';

/** The host of Node: sockets of `ws`, hints by looking at the network interfaces every second. */
export function nodeHost(): Host {
  return {
    platform: platformOf(process.platform),
    connect,
    queuesDials: false,
    now: () => performance.now(),
    wallClock: () => Date.now(),
    alarm: timerAlarm,
    // Between a timer and an immediate the event loop reads its sockets.
    afterReads(run) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    },
    random: () => Math.random(),
    id: () => randomBytes(16).toString('hex'),
    hints: watchMachine,
    networkType: () => machineNetworkType(outside().map(({ name }) => name)),
    appState: untold,
    report: rethrow,
  };
}

function connect(url: string, subprotocol: string, events: TransportEvents): Transport {
  let socket: WebSocket;
  try {
    // Compression is decoded in other threads, later: what has arrived would not have been read yet (C-3).
    socket = new WebSocket(url, [subprotocol], { perMessageDeflate: false, maxPayload: largestMessageBytes });
  } catch (error) {
    return stillborn(events, error);
  }
  let wanted = true;
  let trouble = '';
  socket.binaryType = 'arraybuffer';
  socket.on('open', () => wanted && events.opened());
  socket.on('message', (data, isBinary) => {
    if (wanted) events.received(isBinary ? new Uint8Array(data as ArrayBuffer) : null);
  });
  socket.on('error', (error) => {
    trouble = error.message;
  });
  socket.on('close', (code, reason) => {
    if (wanted) events.closed(code ?? abnormal, reason.toString() || trouble);
  });
  return {
    send(bytes) {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    close(code) {
      wanted = false;
      socket.close(sendableCode(code));
      // The close frame is with the kernel; waiting for its answer could outlive the stay by half a minute (C-14).
      socket.terminate();
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
  };
}

/**
 * Looks once a second: another set of addresses is `address-changed`. A wall clock that has run ahead of the
 * monotonic one, which on some systems stands still during sleep, may be a waking: `focus`, which only probes.
 */
function watchMachine(listener: (hint: Hint) => void): Cancel {
  let addresses = addressSet();
  let ahead = Date.now() - performance.now();
  const timer = setInterval(() => {
    const before = { addresses, ahead };
    addresses = addressSet();
    ahead = Date.now() - performance.now();
    if (addresses !== before.addresses) listener('address-changed');
    if (ahead - before.ahead > wokenMs) listener('focus');
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

const lookMs = 1_000;
const wokenMs = 2_000;

function addressSet(): string {
  return outside()
    .map(({ address }) => address)
    .sort()
    .join(' ');
}

/** Addresses under which others may see this machine, and the interfaces that have them. */
function outside(): { name: string; address: string }[] {
  return Object.entries(networkInterfaces()).flatMap(([name, list = []]) =>
    list.filter(({ internal }) => !internal).map(({ address }) => ({ name, address })),
  );
}

function platformOf(system: NodeJS.Platform): Platform {
  if (system === 'win32') return 'windows';
  if (system === 'darwin') return 'macos';
  return system === 'android' ? 'android' : 'linux';
}
