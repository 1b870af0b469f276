/** The one file that knows `ws`: turns WebSockets of an HTTP server into the gateway's transports. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type CloseName, closeCodes, encodeServerFrame, subprotocol } from '@holdfast/core';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Peer, Socket, SocketEvents } from '../gateway/socket.ts';
import type { Arrivals } from './arrivals.ts';

export interface WebSocketsOptions {
  /** Takes a transport on; what it answers is told of everything that comes. */
  readonly accept: (socket: Socket, peer: Peer) => SocketEvents;
  /** After anything was received or closed. */
  readonly happened: () => void;
  /** A transport broke, or taking what it brought threw: `isOurs` tells a bug of the server from bad input. */
  readonly failed: (error: Error, isOurs: boolean) => void;
  /** How many there may be, and how often they may come (C-81). */
  readonly arrivals: Arrivals;
  /** The client's own address, behind whatever proxies. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** May a page of this origin connect (C-82)? */
  readonly mayConnect: (request: IncomingMessage) => boolean;
  /** A transport was told to come again later. */
  readonly turnedAway: (close: CloseName, address: string) => void;
  /** A message of more bytes than this ends its connection with close code 1009. */
  readonly messageBytesMax: number;
  /** How long a closing connection may take to deliver what was sent, in milliseconds. */
  readonly closeWaitMs?: number;
}

export interface WebSockets {
  /** Transports that are open or closing. */
  readonly count: number;
  /** Takes no more transports: answers them with HTTP 503. */
  refuse(): void;
  /** Cuts every connection without a word, as a process that dies, and tells of nothing more. */
  cut(): void;
}

/** Serves WebSockets on an HTTP server. */
export function serveWebSockets(http: Server, options: WebSocketsOptions): WebSockets {
  const { accept, arrivals, addressOf, mayConnect, messageBytesMax } = options;
  http.on('connection', (socket) => arrivals.accepted(socket));
  http.on('request', ({ socket }) => arrivals.spoke(socket));
  const upgrader = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: messageBytesMax,
    handleProtocols: () => subprotocol,
  });
  let refusing = false;
  const told = { any: true };
  http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => {});
    if (refusing) return answer(stream, 503, 'Service Unavailable', 'This server is going away.');
    if (!mayConnect(request)) return answer(stream, 403, 'Forbidden', whyNot(request));
    if (!spoken(request).includes(subprotocol))
      return answer(stream, 400, 'Bad Request', whatIsSpoken(request));
    const address = addressOf(request);
    let late = (): void => void stream.destroy();
    const verdict = arrivals.upgrading(request.socket, address, () => late());
    if (verdict === 'cut') return answer(stream, 503, 'Service Unavailable', 'This server is full.');
    upgrader.handleUpgrade(request, stream, head, (ws) => {
      // Also one that is turned away: bytes that are no frame must not end the process (C-80).
      ws.on('error', (error) => options.failed(error, false));
      const socket = transportOf(ws, options.closeWaitMs ?? 2_000);
      if (verdict !== 'welcome') return turnAway(socket, address, verdict.retryMs, options);
      late = () => socket.close(closeCodes.noFirstFrame.code, closeCodes.noFirstFrame.text);
      ws.once('message', () => arrivals.spoke(request.socket));
      open(ws, accept(socket, { address, host: request.headers.host ?? '' }), options, told);
    });
  });
  return {
    get count() {
      return upgrader.clients.size;
    },
    refuse() {
      refusing = true;
    },
    cut() {
      refusing = true;
      told.any = false;
      for (const ws of upgrader.clients) ws.terminate();
    },
  };
}

/** Says when to come again, in a frame that an SDK heeds: a browser shows nobody the answer to a handshake. */
function turnAway(socket: Socket, address: string, retryMs: number, { turnedAway }: WebSocketsOptions): void {
  const { code, text } = closeCodes.busy;
  socket.send(encodeServerFrame({ type: 'refused', code, text, retryMs }));
  socket.close(code, text);
  turnedAway('busy', address);
}

function open(
  ws: WebSocket,
  events: SocketEvents,
  { happened, failed }: WebSocketsOptions,
  told: { any: boolean },
): void {
  const take = (data: Buffer, isBinary: boolean) => {
    if (!told.any) return;
    try {
      events.receive(isBinary ? data : null);
    } catch (error) {
      // One connection's bug must not end everybody's (C-80).
      ws.off('message', take);
      ws.close(internalError);
      failed(error as Error, true);
    }
    happened();
  };
  ws.on('message', take);
  let unreachable = false;
  ws.on('close', () => {
    if (!told.any) return;
    events.closed(unreachable ? 'unreachable' : 'peer');
    happened();
  });
  ws.on('error', (error: NodeJS.ErrnoException) => {
    unreachable ||= ['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'].includes(error.code ?? '');
  });
  happened();
}

function transportOf(ws: WebSocket, closeWaitMs: number): Socket {
  return {
    send(bytes, passedOn) {
      if (ws.readyState !== ws.OPEN) return;
      ws.send(bytes, { binary: true }, passedOn && ((error) => error ?? passedOn()));
    },
    close(code, text) {
      if (ws.readyState !== ws.OPEN) return;
      ws.close(code, shortened(text));
      const impatience = setTimeout(() => ws.terminate(), closeWaitMs);
      ws.once('close', () => clearTimeout(impatience));
    },
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
  };
}

/** A close frame holds no more than 123 bytes of text. */
function shortened(text: string): Buffer {
  const bytes = Buffer.from(text);
  let end = Math.min(bytes.length, 123);
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

/** RFC 6455: the server met a condition that kept it from fulfilling the request. */
const internalError = 1011;

function whyNot({ headers }: IncomingMessage): string {
  return `A page of ${headers.origin} may not connect here: see the setting origins.`;
}

function spoken(request: IncomingMessage): string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

function whatIsSpoken(request: IncomingMessage): string {
  const [first = ''] = spoken(request);
  const offered =
    first === '' ? 'The request names no WebSocket subprotocol' : 'No common WebSocket subprotocol';
  return `${offered}. This server speaks: ${subprotocol}`;
}

function answer(stream: Duplex, status: number, name: string, text: string): void {
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${name}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  stream.once('finish', () => stream.destroy());
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
