/** The one file that knows `ws`: turns WebSockets of an HTTP server into the gateway's transports. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { bounds, subprotocol } from '@holdfast/core';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Peer, Socket, SocketEvents } from '../gateway/socket.ts';

export interface WebSocketsOptions {
  /** Takes a transport on; what it answers is told of everything that comes. */
  readonly accept: (socket: Socket, peer: Peer) => SocketEvents;
  /** After anything was received or closed. */
  readonly happened: () => void;
  /** A transport broke, or taking what it brought threw: `isOurs` tells a bug of the server from bad input. */
  readonly failed: (error: Error, isOurs: boolean) => void;
  /** A message of more bytes than this ends its connection with close code 1009. */
  readonly messageBytesMax?: number;
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
  const { messageBytesMax = bounds.firstFrameBytes } = options;
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
    if (!spoken(request).includes(subprotocol))
      return answer(stream, 400, 'Bad Request', whatIsSpoken(request));
    upgrader.handleUpgrade(request, stream, head, (ws) => open(ws, request, options, told));
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

function open(
  ws: WebSocket,
  request: IncomingMessage,
  options: WebSocketsOptions,
  told: { any: boolean },
): void {
  const { accept, happened, failed, closeWaitMs = 2_000 } = options;
  const peer = { address: request.socket.remoteAddress ?? '', host: request.headers.host ?? '' };
  const events = accept(transportOf(ws, closeWaitMs), peer);
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
    failed(error, false);
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
