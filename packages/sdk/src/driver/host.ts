/**
 * What the driver needs of the world: sockets, time, randomness, the platform's word about its network.
 * Nothing else in the SDK touches them. `webHost` is the one of browsers; `host.node.ts` and
 * `host.react-native.ts` have those of Node and of React Native. This file imports nothing of either.
 */
import type { Hint, Platform } from '@holdfast/core';
import { type Alarm, pageAlarm } from './alarm.ts';
import { browserNetworkType, type NetworkType } from './network-type.ts';

/** Takes back what was asked for; harmless when it has happened already. */
export type Cancel = () => void;

/** One connection to a server. No member throws, and none calls an event before it has returned. */
export interface Transport {
  /** Sends one binary message; dropped if the connection is not open. */
  send(bytes: Uint8Array): void;
  /** Ends the connection and everything that belongs to it. No event follows. */
  close(code: number): void;
  /** Bytes handed to `send` that have not been passed to the network yet. */
  readonly bufferedBytes: number;
}

/** What a connection tells. */
export interface TransportEvents {
  opened(): void;
  /** One message, whole and in order; `null` is a text message, which the protocol does not have. */
  received(bytes: Uint8Array | null): void;
  /** The connection could not be opened or has ended; the last event, once. */
  closed(code: number, text: string): void;
}

/** Where an app is, where the system tells. */
export type AppState = 'foreground' | 'background';

/** The world as the driver sees it. */
export interface Host {
  /** What this machine or page runs on. */
  readonly platform: Platform;
  /** Opens a connection. An address that cannot be one is told as `closed`. */
  connect(url: string, subprotocol: string, events: TransportEvents): Transport;
  /** It opens one connection at a time to an address, and opens them late after many in vain. */
  readonly queuesDials: boolean;
  /** A monotonic reading in milliseconds that goes on while the process stands still (C-3). */
  now(): number;
  /** Milliseconds since 1970, for records only: no decision rests on it (C-3). */
  wallClock(): number;
  /** An alarm that is not set yet. */
  alarm(ring: () => void): Alarm;
  /** Calls `run` once, after input that is waiting already has been read (C-3). */
  afterReads(run: () => void): Cancel;
  /** Uniform in [0, 1). */
  random(): number;
  /** An unguessable name of 128 bits. */
  id(): string;
  /** Listens for the platform's hints about its network until cancelled (C-15). */
  hints(listener: (hint: Hint) => void): Cancel;
  /** What kind of network this is on now. It is looked at after each hint. */
  networkType(): NetworkType;
  /** Tells where the app is, and listens until cancelled (C-32); where the system does not tell, nothing comes. */
  appState(listener: (state: AppState) => void): Cancel;
  /** Surfaces what an application's callback threw, without disturbing whoever called it. */
  report(error: unknown): void;
}

/** Frames from a server that are larger than this end the connection, where the host can say so; bytes. */
export const largestMessageBytes = 16_000_000;

/**
 * The host of browsers, Electron's renderer and React Native: global `WebSocket`, `performance`, `crypto`.
 * @throws Error where `crypto.getRandomValues` is missing (React Native without its polyfill)
 */
export function webHost(): Host {
  if (typeof globalThis.crypto?.getRandomValues !== 'function') {
    throw new Error('crypto.getRandomValues is missing: import "react-native-get-random-values" first');
  }
  return {
    platform: platformOf(globalThis.navigator),
    connect: connectWebSocket,
    queuesDials: true,
    now: () => performance.now(),
    wallClock: () => Date.now(),
    alarm: pageAlarm,
    afterReads: runInLaterTask,
    random: () => Math.random(),
    id: () => hex(crypto.getRandomValues(new Uint8Array(16))),
    hints: listenToWindow,
    networkType: () => browserNetworkType(globalThis.navigator?.onLine, networkInformation()),
    appState: untold,
    report: rethrow,
  };
}

/** A page in the background keeps its connection (C-4), and programs of Node have no other place. */
export const untold: Host['appState'] = () => () => {};

/** Throws in a task of its own: `uncaughtException` in Node, `window.onerror` in browsers, as an emitter's listener does. */
export function rethrow(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** A close code that may be sent: others than 1000 and 3000 to 4999 belong to the transport itself. */
export function sendableCode(code: number): number {
  return code >= 3_000 && code <= 4_999 ? code : 1_000;
}

/** A connection that was never one, told after `connect` has returned. */
export function stillborn(events: TransportEvents, error: unknown): Transport {
  let wanted = true;
  queueMicrotask(() => {
    if (wanted) events.closed(abnormal, error instanceof Error ? error.message : String(error));
  });
  return {
    send: () => {},
    close: () => {
      wanted = false;
    },
    bufferedBytes: 0,
  };
}

/** The code of a connection that ended without one. */
export const abnormal = 1_006;

function connectWebSocket(url: string, subprotocol: string, events: TransportEvents): Transport {
  let socket: WebSocket;
  try {
    socket = new WebSocket(url, [subprotocol]);
  } catch (error) {
    return stillborn(events, error);
  }
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => events.opened();
  socket.onmessage = ({ data }) => events.received(data instanceof ArrayBuffer ? new Uint8Array(data) : null);
  socket.onclose = ({ code, reason }) => events.closed(code ?? abnormal, reason ?? '');
  return {
    send(bytes) {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>);
    },
    close(code) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(sendableCode(code));
    },
    get bufferedBytes() {
      return socket.bufferedAmount ?? 0;
    },
  };
}

/** A message to oneself runs after the messages that are queued already, and is not throttled as timers are. */
function runInLaterTask(run: () => void): Cancel {
  if (typeof MessageChannel !== 'function') {
    const timer = setTimeout(run, 0);
    return () => clearTimeout(timer);
  }
  const { port1, port2 } = new MessageChannel();
  const close = () => port1.close();
  port1.onmessage = () => {
    close();
    run();
  };
  port2.postMessage(null);
  return close;
}

function listenToWindow(listener: (hint: Hint) => void): Cancel {
  const cancels = [
    on(globalThis, 'online', () => listener('online')),
    on(globalThis, 'offline', () => listener('offline')),
    on(globalThis, 'focus', () => listener('focus')),
    on(globalThis.document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') listener('focus');
    }),
    on(networkInformation(), 'change', () => listener('address-changed')),
  ];
  return () => {
    for (const cancel of cancels) cancel();
  };
}

interface NetworkInformation extends EventTarget {
  readonly type?: string;
  readonly effectiveType?: string;
}

/** Chromium's `navigator.connection`; it changes when the device moves to another network. */
function networkInformation(): NetworkInformation | undefined {
  return (globalThis.navigator as { connection?: NetworkInformation } | undefined)?.connection;
}

/** React Native has the globals without their events. */
function on(target: EventTarget | undefined, name: string, listener: () => void): Cancel {
  if (typeof target?.addEventListener !== 'function') return () => {};
  target.addEventListener(name, listener);
  return () => target.removeEventListener(name, listener);
}

/** React Native names no system without a module of its own: it counts as Android unless the app says otherwise. */
function platformOf(navigator: Navigator | undefined): Platform {
  const agent = navigator?.userAgent ?? '';
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios';
  if (/Android/.test(agent) || navigator?.product === 'ReactNative') return 'android';
  if (/Windows/.test(agent)) return 'windows';
  return /Mac/.test(agent) ? 'macos' : 'linux';
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
