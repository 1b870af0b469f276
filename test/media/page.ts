/** The page of a call: every picture that it shows is noted with its time. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../../packages/sdk/dist/web.js');

const html = `<!doctype html>
<meta charset="utf-8">
<title>call</title>
<style>.tile { display: inline-block; width: 160px; height: 120px }</style>
<div id="tiles"></div>
<script>
  const peers = [];
  RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...parts) {
      super(...parts);
      peers.push(this);
    }
  };
</script>
<script src="/sdk/web.js"></script>
<script>
  /** What the application was told: [milliseconds since 1970, name, uid]. */
  const told = [];
  /** When pictures of somebody were shown, milliseconds since 1970. */
  const shown = {};
  const streams = {};
  let localStream;
  const note = (name, uid) => told.push([Date.now(), name, uid]);
  const codec = new URLSearchParams(location.search).get('codec') ?? 'vp8';
  const client = AgoraRTC.createClient({ mode: 'rtc', codec });
  for (const name of ['peer-online', 'peer-leave', 'stream-added', 'stream-removed', 'stream-updated',
      'mute-audio', 'unmute-audio', 'mute-video', 'unmute-video', 'connection-state-change', 'error'])
    client.on(name, (event) => note(name, event?.uid ?? event?.stream?.getId() ?? event?.curState ?? event?.reason));

  client.on('stream-added', ({ stream }) => client.subscribe(stream, (error) => note('subscribe failed', error)));
  client.on('stream-subscribed', ({ stream }) => {
    const uid = stream.getId();
    const place = document.createElement('div');
    place.id = 'tile-' + uid;
    place.className = 'tile';
    document.getElementById('tiles').append(place);
    streams[uid] = stream;
    shown[uid] = [];
    stream.play(place.id);
    const video = place.querySelector('video');
    const next = () => {
      shown[uid].push(performance.timeOrigin + performance.now());
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
    video.dataset.first = 'yes';
  });

  function enter(servers, channel, uid) {
    AgoraRTC.configure({ servers });
    return new Promise((resolve, reject) => {
      client.init('demo', () => client.join(null, channel, uid, () => {
        localStream = AgoraRTC.createStream({ streamID: uid, audio: true, video: true, screen: false });
        localStream.setVideoProfile('120p');
        localStream.init(() => {
          client.publish(localStream, reject);
          resolve();
        }, (error) => reject(new Error(error.msg)));
      }, (error) => reject(new Error(error))), (error) => reject(new Error(error)));
    });
  }

  let volumes = [];
  client.enableAudioVolumeIndicator();
  client.on('volume-indicator', ({ attr }) => (volumes = attr));
  /** The codecs of the pictures that come on the connection of the moment. */
  const codecsOfPictures = async () => {
    const report = [...(await peers.findLast(({ connectionState }) => connectionState === 'connected').getStats()).values()];
    const came = report.filter(({ type, kind, framesDecoded }) => type === 'inbound-rtp' && kind === 'video' && framesDecoded > 0);
    return came.map(({ codecId }) => report.find(({ id }) => id === codecId).mimeType);
  };
  const figures = (stream) => new Promise((resolve) => stream.getStats(resolve));
  /** Whether the object that the application was given first, and the element it made, are still those that show. */
  const same = (uid) => client && streams[uid].isPlaying() && streams[uid].getVideoTrack() !== undefined
    && document.querySelectorAll('#tile-' + uid + ' video[data-first=yes]').length === 1;
</script>`;

export interface CallPage {
  readonly url: string;
  close(): void;
}

/** Gives out the page and the script build of the web dialect. */
export async function servePage(): Promise<CallPage> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/sdk/web.js';
    response.setHeader('content-type', `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8`);
    response.end(isScript ? readFileSync(script) : html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
