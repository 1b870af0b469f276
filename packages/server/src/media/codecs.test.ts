import { describe, expect, it } from 'vitest';
import { readRtp } from './rtp.ts';
import { offer, rtp, Stage, user } from './stage.ts';

const h264 = 'H264/90000\r\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f';

describe('C-80 a stream in H.264', () => {
  const parameters = [0x67, 1, 2];
  const slice = [0x41, 1, 2];

  it('begins with its parameters, and has the number that each viewer gives to its codec', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2, `VP8/90000\r\na=rtpmap:97 ${h264.replace('fmtp:96', 'fmtp:97')}`);
    one.events.packet(rtp({ ssrc: 11, sequence: 1, payload: slice }));
    expect(two.rtp).toEqual([]);
    one.events.packet(rtp({ ssrc: 11, sequence: 2, payload: parameters }));
    one.events.packet(rtp({ ssrc: 11, sequence: 3, payload: slice }));
    expect(two.rtp.map((packet) => readRtp(packet)?.payloadType)).toEqual([97, 97]);
    expect(stage.refusals).toEqual([]);
  });

  it('is told to a viewer that has none as a fault, once; others see it', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2, 'VP8/90000');
    const three = await viewer(stage, 3, h264);
    for (const sequence of [1, 2]) one.events.packet(rtp({ ssrc: 11, sequence, payload: parameters }));
    expect([two.rtp.length, three.rtp.length]).toEqual([0, 2]);
    const fault = { connection: 1, revision: 1, sdp: '', fault: 'noCodec', mids: ['0'] };
    expect(stage.refusals).toMatchObject([[user(2), fault]]);
  });
});

async function published() {
  const stage = new Stage();
  stage.sfu.say(user(1), [{ id: 1, audio: true, video: true, audioMuted: false, videoMuted: false }]);
  const sends = [{ kind: 'video', ssrc: 11 } as const];
  await stage.sfu.offer(user(1), offer({ sends, codec: h264 }));
  return { stage, one: stage.transports[0]! };
}

async function viewer(stage: Stage, uid: number, codec: string) {
  stage.sfu.say(user(uid), []);
  await stage.sfu.offer(user(uid), offer({ receives: [{ kind: 'video', uid: 1 }], codec }));
  return stage.transports.at(-1)!;
}
