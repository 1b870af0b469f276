/** The page of a user in a browser, and the sites that give it out. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

const script = resolve(import.meta.dirname, '../../../packages/sdk/dist/web.js');

/**
 * A program of the 2.x API that tells the suite every callback through `told`, with its own time, in the lines of
 * `holdfast join --json`. Its picture is a canvas that nobody paints: cameras cost time that other rows need.
 */
const html = `<!doctype html>
<meta charset="utf-8">
<title>conformance</title>
<script src="/sdk/web.js"></script>
<script>
  const events = ['stream-added', 'stream-removed', 'stream-updated', 'stream-published', 'stream-unpublished',
    'peer-online', 'peer-leave', 'mute-audio', 'unmute-audio', 'mute-video', 'unmute-video',
    'connection-state-change', 'client-banned', 'client-role-changed', 'error', 'failure'];
  let client;
  let stream;
  let ticks = 0;

  const say = (callback, ...args) => told(JSON.stringify({ t: Date.now(), callback, args }));
  const plain = (payload) =>
    payload && payload.stream ? { ...payload, stream: { streamId: payload.stream.getId() } } : payload;

  function enter({ channel, uid, servers, mode, role, publishes }) {
    AgoraRTC.configure({ servers });
    client = AgoraRTC.createClient({ mode, codec: 'vp8' });
    for (const name of events) client.on(name, (payload) => say(name, plain(payload)));
    client.init('demo');
    if (role) client.setClientRole(role);
    const join = () => {
      say('$ready');
      client.join(null, channel, uid, (own) => {
        say('join', own);
        if (publishes) client.publish(stream);
      });
    };
    // A page with a stream of its own is never kept in the back/forward cache.
    if (publishes) capture(join);
    else join();
  }

  function capture(then) {
    const videoSource = document.createElement('canvas').captureStream(0).getVideoTracks()[0];
    stream = AgoraRTC.createStream({ audio: false, video: true, videoSource });
    stream.init(then);
  }

  const commands = {
    leave: () => client.leave(() => say('leave')),
    publish: () => client.publish(stream),
    unpublish: () => client.unpublish(stream),
    role: (role) => client.setClientRole(role),
  };

  function obey(line) {
    const [name, ...rest] = line.split(' ');
    commands[name](...rest);
  }

  // A page that stood still because of the row was not late.
  const goesOn = () => {
    last = performance.now();
  };
  addEventListener('pageshow', goesOn);
  document.addEventListener('resume', goesOn);
  addEventListener('pageshow', ({ persisted }) => say('$pageshow', persisted));
  for (const name of ['freeze', 'resume']) document.addEventListener(name, () => say('$' + name));

  let last = performance.now();
  let worstMs = 0;
  (function tick() {
    const now = performance.now();
    if (ticks > 0) worstMs = Math.max(worstMs, now - last - 100);
    last = now;
    ticks += 1;
    setTimeout(tick, 100);
  })();
</script>`;

/**
 * Gives out the page and the script of the product; both come without a fault network. Each site is an address of its
 * own on loopback.
 */
export class Sites {
  readonly #servers: Server[] = [];

  /** Another site; answers with its address. */
  async open(): Promise<string> {
    const i = this.#servers.length;
    const server = createServer(answer);
    this.#servers.push(server);
    server.listen(0, `127.1.${i >> 8}.${i & 255}`);
    await once(server, 'listening');
    const { address, port } = server.address() as AddressInfo;
    return `http://${address}:${port}/`;
  }

  close(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const isScript = request.url === '/sdk/web.js';
  response.setHeader('content-type', `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8`);
  response.end(isScript ? readFileSync(script) : request.url === '/elsewhere' ? '<!doctype html>' : html);
}
