/** Whether something can be reached or bound. Each answers null if so, else why not. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type IncomingMessage, request as plain } from 'node:http';
import { type RequestOptions, request as secure } from 'node:https';
import { createServer } from 'node:net';
import { subprotocol } from '@holdfast/core';
import { reasonOf } from '../ask.ts';

/** @param url `ws://` or `wss://` @param own a server on this machine, whose certificate has another name */
export async function answersHealth(url: string, own = false): Promise<string | null> {
  const address = new URL('/healthz', url.replace(/^ws/, 'http'));
  const asking = ask(address.href, { rejectUnauthorized: !own });
  return new Promise((resolve) => {
    asking.on('response', ({ statusCode }) => {
      asking.destroy();
      resolve(statusCode === 200 ? null : `${address.origin} answers ${statusCode}`);
    });
    asking.on('error', (error) => resolve(`nobody answers (${reasonOf(error)})`));
    asking.end();
  });
}

function ask(href: string, options: RequestOptions) {
  const asking = (href.startsWith('https:') ? secure : plain)(href, { ...options, timeout: timeoutMs });
  asking.on('timeout', () => asking.destroy(new Error('no answer')));
  return asking;
}

export async function opensWebSocket(url: string): Promise<string | null> {
  const headers = {
    ...{ Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
    ...{ 'Sec-WebSocket-Key': 'aG9sZGZhc3QtZG9jdG9yIQ==', 'Sec-WebSocket-Protocol': subprotocol },
  };
  const asking = ask(url.replace(/^ws/, 'http'), { headers });
  return new Promise((resolve) => {
    asking.on('upgrade', (_: IncomingMessage, socket) => {
      socket.destroy();
      resolve(null);
    });
    asking.on('response', ({ statusCode }) => {
      asking.destroy();
      resolve(`it opens no WebSocket (HTTP ${statusCode}): does a proxy pass the Upgrade header?`);
    });
    asking.on('error', (error) => resolve(`it opens no WebSocket (${reasonOf(error)})`));
    asking.end();
  });
}

export async function bindsTcp(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ host: bare(host), port });
    await once(server, 'listening');
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    server.close();
  }
}

export async function bindsUdp(host: string, port: number): Promise<string | null> {
  const socket = createSocket(bare(host).includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind(port, bare(host));
    await once(socket, 'listening');
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    socket.close();
  }
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

const timeoutMs = 3_000;
