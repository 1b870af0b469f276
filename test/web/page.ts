/** A page for real browsers, and the server that gives it out: one origin with a Holdfast server behind it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../../packages/sdk/dist/web.js');

/** The documentation's first program, nothing in it but the names of the public API, and notes of what it hears. */
const html = `<!doctype html>
<meta charset="utf-8">
<title>call</title>
<div id="local" style="width: 320px; height: 240px"></div>
<div id="remote" style="width: 320px; height: 240px"></div>
<script src="/sdk/web.js"></script>
<script>
  const heard = [];
  const note = (name, value) => heard.push([name, value]);
  const streams = {};
  let localStream;
  const client = AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' });

  client.on('peer-online', (evt) => note('peer-online', evt.uid));
  client.on('stream-added', (evt) => {
    streams.added = evt.stream;
    note('stream-added', evt.stream.getId());
    client.subscribe(evt.stream, (err) => note('subscribe failed', err));
  });
  client.on('stream-subscribed', (evt) => note('stream-subscribed', evt.stream.getId()));
  client.on('stream-published', (evt) => note('stream-published', evt.stream.getId()));
  client.on('stream-removed', (evt) => note('stream-removed', evt.stream.getId()));
  client.on('mute-audio', (evt) => note('mute-audio', evt.uid));
  client.on('peer-leave', (evt) => {
    evt.stream.stop();
    note('peer-leave', { uid: evt.uid, reason: evt.reason, same: evt.stream === streams.added });
  });

  function enter(channel, uid) {
    client.init('demo', () => {
      client.join(null, channel, uid, (joined) => {
        note('joined', joined);
        localStream = AgoraRTC.createStream({ streamID: joined, audio: true, video: true, screen: false });
        localStream.init(() => {
          localStream.play('local', (err) => note('played', err));
          client.publish(localStream, (err) => note('publish failed', err));
        }, (err) => note('init failed', err));
      }, (err) => note('join failed', err));
    });
  }

  /**
   * A page at #CHANNEL only looks on, and begins by itself: whoever steers it from outside would have touched it, and an
   * untouched page may not play sound. It writes down on the console how that went.
   */
  if (location.hash !== '') {
    const failed = (err) => note('watch failed', err);
    client.on('stream-subscribed', ({ stream }) => {
      const soon = setInterval(() => {
        if (stream.getAudioTrack() === undefined) return;
        clearInterval(soon);
        stream.play('remote', (err) => console.info(JSON.stringify(err)));
      }, 50);
    });
    client.init('demo', () => client.join(null, location.hash.slice(1), 2, () => {}, failed));
  }

  /** A method with callbacks, as a promise of [whether it succeeded, what it said]. */
  const asked = (object, method, ...args) => new Promise((done) => {
    object[method](...args, (said) => done([true, said]), (said) => done([false, said]));
  });

  function leave() {
    client.leave(() => note('left', client.getConnectionState()), (err) => note('leave failed', err));
    localStream.close();
  }
</script>`;

/** Gives out the page and the script, and passes everything else on to the Holdfast server on `port`. */
export async function servePage(port: number): Promise<{ url: string; close: () => void }> {
  const server: Server = createServer((request, response) => {
    const isScript = request.url === '/sdk/web.js';
    response.setHeader('content-type', `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8`);
    response.end(isScript ? readFileSync(script) : html);
  });
  const sockets = new Set<Socket>();
  server.on('upgrade', (request, near: Socket, head: Buffer) => {
    const far = connect(port, '127.0.0.1', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
      far.write(`${[`GET ${request.url} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}
