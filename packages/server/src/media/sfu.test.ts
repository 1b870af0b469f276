import { mediaBounds, type Stream } from '@holdfast/core';
import { describe, expect, it } from 'vitest';
import { writeNack } from './rtcp.ts';
import { readRtp } from './rtp.ts';
import { offer, rtp, Stage, user } from './stage.ts';

const camera: Stream = { id: 1, audio: true, video: true, audioMuted: false, videoMuted: false };
const keyFrame = [0x10, 0];
const deltaFrame = [0x10, 1];

describe('C-70 the SFU', () => {
  it('brings what one user sends to everyone who wants it, in the numbers of each', async () => {
    const { stage, one } = await published();
    const [two, three] = [await viewer(stage, 2), await viewer(stage, 3)];
    one.events.packet(rtp({ ssrc: 11, sequence: 500, timestamp: 9 }));
    one.events.packet(rtp({ ssrc: 11, sequence: 501, timestamp: 9, payload: deltaFrame }));
    for (const transport of [two, three])
      expect(transport.rtp.map((packet) => readRtp(packet)?.sequence)).toEqual([500, 501]);
    expect(readRtp(two.rtp[0]!)?.ssrc).not.toBe(readRtp(three.rtp[0]!)?.ssrc);
    expect(one.rtp).toEqual([]);
  });

  it('begins with a key frame, and asks for one', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    one.events.packet(rtp({ ssrc: 11, sequence: 1, payload: deltaFrame }));
    expect(two.rtp).toEqual([]);
    expect(one.rtcp(206).length).toBeGreaterThan(0);
    one.events.packet(rtp({ ssrc: 11, sequence: 2, payload: keyFrame }));
    expect(two.rtp.length).toBe(1);
  });

  it('asks for a key frame when the subscriber can have it, and keeps none that came before for sent', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    two.open = false;
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    one.events.packet(rtp({ ssrc: 11, sequence: 2, payload: deltaFrame }));
    stage.pass(100);
    expect([one.rtcp(206).length, two.rtp]).toEqual([0, []]);
    two.open = true;
    stage.pass(25);
    expect(one.rtcp(206).length).toBe(1);
    one.events.packet(rtp({ ssrc: 11, sequence: 3, payload: deltaFrame }));
    one.events.packet(rtp({ ssrc: 11, sequence: 4, payload: keyFrame }));
    expect(two.rtp.map((packet) => readRtp(packet)?.sequence)).toEqual([4]);
  });

  it('a subscriber that asks for key frames without end costs the others few', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    const { ssrc } = readRtp(two.rtp[0]!)!;
    const before = one.rtcp(206).length;
    for (let times = 0; times < 400; times += 1) {
      const request = Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0]);
      request.writeUInt32BE(ssrc, 8);
      two.events.packet(request);
      stage.pass(25);
      one.events.packet(
        rtp({ ssrc: 11, sequence: 2 + times, payload: times % 10 === 0 ? keyFrame : deltaFrame }),
      );
    }
    expect(one.rtcp(206).length - before).toBeLessThan(40);
  });

  it('sends a packet again to a subscriber that has lost it', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    for (let sequence = 1; sequence <= 3; sequence += 1) one.events.packet(rtp({ ssrc: 11, sequence }));
    const { ssrc } = readRtp(two.rtp[0]!)!;
    two.events.packet(writeNack(ssrc, [2, 900]));
    expect(two.rtp.map((packet) => readRtp(packet)?.sequence)).toEqual([1, 2, 3, 2]);
  });

  it('asks a publisher for what it has not got', async () => {
    const { stage, one } = await published();
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    one.events.packet(rtp({ ssrc: 11, sequence: 4 }));
    stage.pass(50);
    expect(one.rtcp(205).map((packet) => packet.readUInt16BE(12))).toContain(2);
  });

  it('answers a loss with a key frame, and asks for none itself, where retransmission is switched off', async () => {
    for (const nack of [true, false]) {
      const { stage, one, answer } = await published({ nack });
      const two = await viewer(stage, 2);
      one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
      one.events.packet(rtp({ ssrc: 11, sequence: 4 }));
      stage.pass(50);
      expect(one.rtcp(205).length > 0).toBe(nack);
      one.events.packet(rtp({ ssrc: 11, sequence: 5 }));
      stage.pass(500);
      const [sent, asked] = [two.rtp.length, one.rtcp(206).length];
      two.events.packet(writeNack(readRtp(two.rtp[0]!)!.ssrc, [1]));
      expect([two.rtp.length - sent, one.rtcp(206).length - asked]).toEqual(nack ? [1, 0] : [0, 1]);
      expect(/^a=rtcp-fb:96 nack\r$/m.test(answer.sdp)).toBe(nack);
      expect(answer.sdp).toMatch(/^a=rtcp-fb:96 nack pli\r$/m);
    }
  });

  it('C-71 passes nothing of what is muted or was never published, whatever a client sends', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    stage.sfu.say(user(1), [{ ...camera, videoMuted: true }]);
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    stage.sfu.say(user(1), []);
    one.events.packet(rtp({ ssrc: 11, sequence: 2 }));
    expect(two.rtp).toEqual([]);
    stage.sfu.say(user(1), [camera]);
    one.events.packet(rtp({ ssrc: 11, sequence: 3 }));
    expect(two.rtp.length).toBe(1);
  });

  it('C-70 goes on without a break when its publisher comes on another connection', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    one.events.packet(rtp({ ssrc: 11, sequence: 100, timestamp: 9_000 }));
    await stage.sfu.offer(user(1), offer({ connection: 2, sends: [{ kind: 'video', ssrc: 12 }] }));
    const again = stage.transports.at(-1)!;
    stage.now += 100;
    one.events.packet(rtp({ ssrc: 11, sequence: 101, timestamp: 18_000, payload: deltaFrame }));
    again.events.packet(rtp({ ssrc: 12, sequence: 7_000, timestamp: 5 }));
    one.events.packet(rtp({ ssrc: 11, sequence: 102, timestamp: 18_000, payload: deltaFrame }));
    again.events.packet(rtp({ ssrc: 12, sequence: 7_001, timestamp: 905, payload: deltaFrame }));
    const got = two.rtp.map((packet) => readRtp(packet)!);
    expect(got.map(({ sequence }) => sequence)).toEqual([100, 101, 102, 103]);
    expect(got.map(({ timestamp }) => timestamp)).toEqual([9_000, 18_000, 18_001, 18_901]);
  });

  it('C-35 the newer stay of a user is the one that is seen', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    stage.sfu.say(user(1, 2), [camera]);
    await stage.sfu.offer(user(1, 2), offer({ sends: [{ kind: 'video', ssrc: 12 }] }));
    stage.transports.at(-1)!.events.packet(rtp({ ssrc: 12, sequence: 1 }));
    one.events.packet(rtp({ ssrc: 11, sequence: 100 }));
    expect(two.rtp.length).toBe(1);
  });
});

describe('C-72 a media process', () => {
  it('tells whom it has heard, once for what came since', async () => {
    const { stage, one } = await published();
    await viewer(stage, 2);
    expect(stage.sfu.heard()).toEqual([]);
    one.events.packet(rtp({ ssrc: 11 }));
    expect(stage.sfu.heard()).toEqual([user(1)]);
    expect(stage.sfu.heard()).toEqual([]);
  });

  it('gives every client a sign of life, and forgets who gives none', async () => {
    const { stage, one } = await published();
    stage.pass(1_000);
    expect(one.rtcp(201).length).toBeGreaterThanOrEqual(3);
    stage.pass(30_000);
    expect(one.open).toBe(false);
    expect(stage.sfu.links).toBe(0);
  });

  it('ends the connections of a stay that is over', async () => {
    const { stage, one } = await published();
    stage.sfu.end(user(1));
    expect(one.open).toBe(false);
  });
});

describe('C-80 a bad offer', () => {
  it.each([
    ['garbage', 'v=0\r\nm=garbage'],
    ['nothing', ''],
    ['no fingerprint', offer().sdp.replace(/a=fingerprint.*/g, '')],
    [
      'a line for the engine',
      offer({ sends: [{ kind: 'video', ssrc: 1 }] }).sdp.replaceAll('abcd\r', 'ab\ncd\r'),
    ],
    ['sections without end', `v=0\r\n${'m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(200)}`],
  ])('with %s is refused, and opens nothing', async (_, sdp) => {
    const stage = new Stage();
    expect(await stage.sfu.offer(user(1), { ...offer(), sdp })).toMatchObject({
      sdp: '',
      fault: 'malformed',
    });
    expect(stage.transports).toEqual([]);
  });

  it('with a codec that nobody knows is answered, and carries nothing', async () => {
    const stage = new Stage();
    const sends = [{ kind: 'video', ssrc: 1 } as const];
    const answer = await stage.sfu.offer(user(1), offer({ sends, codec: 'THEORA/90000' }));
    expect(answer.fault).toBe('noCodec');
    expect(answer.sdp).toContain('m=video 0 ');
  });

  it('C-42 to send what a token does not allow is answered with a code, and passed on once it is allowed', async () => {
    const stage = new Stage();
    const two = await viewer(stage, 2);
    stage.sfu.say(user(1), [{ ...camera, video: false }]);
    const sends = [{ kind: 'video', ssrc: 11 } as const];
    const answer = await stage.sfu.offer(user(1), offer({ sends }));
    expect(answer).toMatchObject({ fault: 'notAllowed', mids: ['0'] });
    const one = stage.transports.at(-1)!;
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    expect(two.rtp).toEqual([]);
    stage.sfu.say(user(1), [camera]);
    one.events.packet(rtp({ ssrc: 11, sequence: 2 }));
    expect(two.rtp.length).toBe(1);
  });

  it('with candidates by the thousand is answered like any other, and none is looked at', async () => {
    const stage = new Stage();
    stage.sfu.say(user(1), [camera]);
    const good = offer({ sends: [{ kind: 'video', ssrc: 11 }] });
    const many = Array.from(
      { length: 5_000 },
      (_, at) => `a=candidate:${at} 1 udp 1 10.0.0.1 ${at} typ host`,
    );
    const answer = await stage.sfu.offer(user(1), { ...good, sdp: `${good.sdp}${many.join('\r\n')}\r\n` });
    expect(answer.fault).toBeNull();
    expect(answer.sdp.length).toBeLessThan(2_000);
  });

  it('of a user with ever more connections closes the oldest', async () => {
    const stage = new Stage();
    const sends = [{ kind: 'video', ssrc: 1 } as const];
    for (let connection = 1; connection <= 9; connection += 1)
      await stage.sfu.offer(user(1), offer({ connection, sends }));
    expect(stage.transports.filter(({ open }) => open).length).toBe(4);
  });
});

describe('C-80 bad packets', () => {
  it('of another payload type than was agreed go to nobody', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    const wrong = rtp({ ssrc: 11, sequence: 1 });
    wrong[1] = 97;
    one.events.packet(wrong);
    expect(two.rtp).toEqual([]);
    one.events.packet(rtp({ ssrc: 11, sequence: 2 }));
    expect(two.rtp.length).toBe(1);
  });

  it('of streams that nobody announced go to nobody, nor do those of somebody who may not publish', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    one.events.packet(rtp({ ssrc: 99, sequence: 1 }));
    stage.sfu.say(user(1), [{ ...camera, video: false }]);
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    expect(two.rtp).toEqual([]);
  });

  it('in a flood are dropped beyond what a camera needs, and those of others are not', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    stage.sfu.say(user(4), [camera]);
    await stage.sfu.offer(user(4), offer({ sends: [{ kind: 'video', ssrc: 44 }] }));
    const four = stage.transports.at(-1)!;
    await stage.sfu.offer(user(5), offer({ receives: [{ kind: 'video', uid: 4 }] }));
    const five = stage.transports.at(-1)!;
    for (let sequence = 0; sequence < 20_000; sequence += 1) one.events.packet(rtp({ ssrc: 11, sequence }));
    four.events.packet(rtp({ ssrc: 44, sequence: 1 }));
    expect(two.rtp.length).toBe(mediaBounds.packetsPerSecond);
    expect(five.rtp.length).toBe(1);
    stage.pass(1_000);
    one.events.packet(rtp({ ssrc: 11, sequence: 20_000 }));
    expect(two.rtp.length).toBe(mediaBounds.packetsPerSecond + 1);
  });

  it('of RTCP that ends in its middle, or says it is longer than it is, say nothing', async () => {
    const { stage, one } = await published();
    const two = await viewer(stage, 2);
    for (const type of [200, 201, 205, 206, 223])
      for (const length of [0, 1, 7, 0xffff])
        for (const bytes of [4, 8, 12, 40]) {
          const packet = Buffer.alloc(bytes, 0x81);
          packet[1] = type;
          packet.writeUInt16BE(length, 2);
          for (const transport of [one, two]) transport.events.packet(packet);
        }
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    expect(two.rtp.length).toBe(1);
  });
});

async function published(settings: { nack?: boolean } = {}) {
  return publishes(new Stage(settings));
}

async function publishes(stage: Stage) {
  stage.sfu.say(user(1), [camera]);
  const sends = [{ kind: 'video', ssrc: 11 } as const];
  const answer = await stage.sfu.offer(user(1), offer({ sends }));
  expect(answer).toMatchObject({ fault: null, connection: 1, revision: 1 });
  return { stage, answer, one: stage.transports.at(-1)! };
}

async function viewer(stage: Stage, uid: number) {
  stage.sfu.say(user(uid), []);
  const answer = await stage.sfu.offer(user(uid), offer({ receives: [{ kind: 'video', uid: 1 }] }));
  expect(answer.sdp).toMatch(/a=sendonly[\s\S]*a=ssrc:\d+ cname:1-1/);
  return stage.transports.at(-1)!;
}

describe('two media processes of one cluster', () => {
  it('C-70 bring their users together, each stream once between them', async () => {
    const { stage: home, one } = await published();
    const { stage: away, two } = await beside(home);
    const three = await viewer(away, 3);
    await meet(home, away);
    const [from, to] = [home.transports.at(-1)!, away.transports.find(({ offered }) => offered)!];
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    expect(from.rtp.length).toBe(1);
    to.events.packet(from.rtp[0]!);
    expect([two.rtp.length, three.rtp.length]).toEqual([1, 1]);
  });

  it('pass on to a third one nothing that they have from each other', async () => {
    const { stage: home, one } = await published();
    const { stage: away } = await beside(home);
    await meet(home, away);
    const [from, to] = [home.transports.at(-1)!, away.transports.find(({ offered }) => offered)!];
    const wish = { ...offer({ receives: [{ kind: 'video', uid: 1 }] }), connection: 77 };
    await away.sfu.whispered('third', { type: 'offer', key: user(1).key, offer: wish });
    const third = away.transports.at(-1)!;
    one.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    to.events.packet(from.rtp[0]!);
    expect(third.rtp).toEqual([]);
  });

  it('C-53 show a publisher where it has gone, from its first key frame there, while it still sends here', async () => {
    const { stage: home, one: atHome } = await published();
    const { stage: away, two } = await beside(home);
    const { one: atAway } = await publishes(away);
    await meet(home, away);
    const [from, to] = [home.transports.at(-1)!, away.transports.find(({ offered }) => offered)!];
    const relay = (sequence: number, payload: number[]) => {
      atHome.events.packet(rtp({ ssrc: 11, sequence, payload }));
      to.events.packet(from.rtp.at(-1)!);
    };
    atAway.events.packet(rtp({ ssrc: 11, sequence: 1 }));
    away.pass(25);
    relay(500, keyFrame);
    atAway.events.packet(rtp({ ssrc: 11, sequence: 2, payload: deltaFrame }));
    relay(501, deltaFrame);
    expect(two.rtp.map((packet) => readRtp(packet)?.sequence)).toEqual([1, 2, 3]);
  });

  it('begin anew when nothing comes any more, and end with the last who wants something', async () => {
    const { stage: home } = await published();
    const { stage: away } = await beside(home);
    await meet(home, away);
    const first = away.transports.find(({ offered }) => offered)!;
    first.events.packet(Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]));
    away.pass(1_500);
    await meet(home, away);
    expect(first.open).toBe(false);
    const second = away.transports.findLast(({ offered }) => offered)!;
    expect(second.open).toBe(true);
    away.sfu.end(user(2));
    away.pass(500);
    expect(second.open).toBe(false);
  });
});

/** Another process, with a viewer of user 1. */
async function beside(home: Stage) {
  const away = new Stage();
  home.sfu.beside(['away']);
  away.sfu.beside(['home']);
  return { stage: away, two: await viewer(away, 2) };
}

/** Brings what they say to each other, until they have nothing more to say. */
async function meet(home: Stage, away: Stage) {
  for (let round = 0; round < 6; round += 1) {
    home.pass(250);
    away.pass(250);
    await Promise.resolve();
    await Promise.resolve();
    for (const [, whisper] of away.whispers.splice(0)) await home.sfu.whispered('away', whisper);
    for (const [, whisper] of home.whispers.splice(0)) await away.sfu.whispered('home', whisper);
  }
}
