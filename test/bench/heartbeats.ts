/** How long a server takes to answer somebody while its media process has more to forward than it can. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MediaOffer } from '@holdfast/core';
import { joined, type Raw } from '../abuse/raw.ts';
import { CallServer } from '../media/call-server.ts';
import { type Figures, figure, quantile } from './figures.ts';
import { MediaClients } from './media-clients.ts';

const host = '127.0.0.1';
/** More than a process forwards: 100 000 packets a second. */
const full = { viewers: 50, perSecond: 2_000 };
/** More of it forwarded than this, and it was not full. */
const fullShare = 0.9;
const probeMs = 20;

export async function heartbeats({ seconds }: { seconds: number }): Promise<Figures> {
  const server = await CallServer.start(null);
  // Who sends would be slowed down by who receives.
  const [sender, viewers] = [await MediaClients.begin(host), await MediaClients.begin(host)];
  const raws: Raw[] = [];
  const enter = async (channel: string, uid: number) => {
    const inside = await joined(server.url, { appId: 'demo', channel, uid, token: '' });
    if (inside === null) throw new Error(`${uid} is not let in`);
    raws.push(inside.raw);
    return inside;
  };
  try {
    const { raw: bystander } = await enter('beside', 1);
    // A server that has just begun is busy with that.
    await sleep(2_000);
    const idle = await probed(bystander, seconds);
    for (let uid = 1; uid <= 1 + full.viewers; uid += 1) {
      const { raw, welcome } = await enter('full', uid);
      await connect(raw, welcome.media.id, uid === 1 ? sender : viewers, uid);
    }
    const pids = await server.mediaPids();
    sender.send(full.perSecond);
    await sleep(2_000);
    const before = { came: await viewers.came(), at: performance.now() };
    const busy = await probed(bystander, seconds);
    const elapsed = (performance.now() - before.at) / 1_000;
    const came = ((await viewers.came()) - before.came) / (full.viewers * full.perSecond * elapsed);
    if (came > fullShare) throw new Error(`media were not full: ${(100 * came).toFixed(0)} % came`);
    if ((await server.mediaPids())[0] !== pids[0]) throw new Error('the media process has ended of it');
    const [quiet, loud] = [quantile(idle, 0.99), quantile(busy, 0.99)];
    return {
      gateway_heartbeat_idle_p99: figure(quiet, 'ms'),
      gateway_heartbeat_media_full_p50: figure(quantile(busy, 0.5), 'ms'),
      gateway_heartbeat_media_full_p99: figure(loud, 'ms'),
      gateway_heartbeat_media_full_max: figure(Math.max(...busy), 'ms'),
      gateway_heartbeat_media_full_adds: figure(loud - quiet, 'ms', 100),
      media_full_delivered: figure(100 * came, '%'),
    };
  } finally {
    for (const raw of raws) raw.close();
    sender.end();
    viewers.end();
    server.kill();
  }
}

/** The first sends, the others see it. */
async function connect(raw: Raw, place: string, clients: MediaClients, uid: number): Promise<void> {
  const sends = uid === 1;
  const { sdp } = await clients.offer(uid, sends, sends ? [] : [1]);
  const offer: MediaOffer = {
    ...{ type: 'media-offer', place, connection: 1, revision: 1, sdp },
    sends: sends ? [{ mid: 'own', stream: 1 }] : [],
    receives: sends ? [] : [{ mid: '1', uid: 1, stream: 1 }],
  };
  raw.send(offer);
  const answer = await raw.first('media-answer');
  if (answer === null || answer.sdp === '') throw new Error(`${uid} has no media: ${answer?.text}`);
  clients.answer(uid, answer.sdp);
}

/** How long each heartbeat took that asked for an answer, in milliseconds. */
async function probed(raw: Raw, seconds: number): Promise<number[]> {
  const sentAt: number[] = [];
  const took: number[] = [];
  raw.heard = (frame) => {
    if (frame.type !== 'heartbeat' || frame.answer === 0) return;
    took.push(performance.now() - (sentAt[frame.answer] ?? Number.NaN));
  };
  const until = performance.now() + seconds * 1_000;
  for (let id = 1; performance.now() < until; id += 1) {
    sentAt[id] = performance.now();
    raw.send({ type: 'heartbeat', id, answer: 0 });
    await sleep(probeMs);
  }
  await sleep(500);
  raw.heard = () => {};
  const sent = Object.keys(sentAt).length;
  if (took.length < sent) throw new Error(`${sent - took.length} of ${sent} heartbeats were not answered`);
  return took;
}
