/** The limit to compare with: `ws` alone, which answers each connection's first message and does nothing else. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, backlog: 4_096 });
server.on('connection', (socket) => {
  socket.on('message', () => socket.send(Buffer.alloc(300)));
  socket.on('error', () => {});
});
server.on('listening', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
