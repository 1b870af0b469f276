/** What is on the page when a stream is played. */
import { expect, test, vi } from 'vitest';
import { cameraAndMicrophone, devicesAnswer, entries, inside, member, page, testMedia } from './stage.ts';
import type { WebStream, WebStreamSpec } from './stream-types.ts';

test('a local stream is shown inside the element: inline, mirrored, without its own sound', async () => {
  const { elements, stream, place } = await showing();
  const done = vi.fn();
  stream.play('camera', done);
  await devicesAnswer();
  expect(done.mock.calls).toEqual([[null]]);
  expect(place.children).toHaveLength(1);
  const [box, video, audio] = elements;
  expect(box).toMatchObject({ id: 'player_7', children: [video, audio] });
  expect(video).toMatchObject({ id: 'video7', autoplay: true, muted: true, attributes: { playsinline: '' } });
  expect(video?.style).toMatchObject({ objectFit: 'cover', transform: 'rotateY(180deg)' });
  expect(audio).toMatchObject({ id: 'audio7', muted: true });
  expect([video?.plays, audio?.plays]).toEqual([1, 1]);
  expect(stream.isPlaying()).toBe(true);
});

test('stop takes it away; played elsewhere it is shown there alone', async () => {
  const { stream, place } = await showing();
  stream.play('camera');
  stream.play('camera');
  expect(place.children).toHaveLength(1);
  stream.stop();
  stream.stop();
  expect(place.children).toHaveLength(0);
  expect(stream.isPlaying()).toBe(false);
});

test('what is replaced while it is shown is shown', async () => {
  const { elements, stream } = await showing();
  stream.play('camera');
  const before = elements[1]?.srcObject;
  stream.switchDevice('video', 'back');
  await devicesAnswer();
  expect(elements[1]?.srcObject).not.toBe(before);
  expect(elements[1]?.srcObject).toEqual({ track: stream.getVideoTrack() });
});

test('a browser that wants a gesture first: paused, until resume', async () => {
  const { elements, stream, block } = await showing();
  const done = vi.fn();
  const status = vi.fn();
  stream.on('player-status-change', status);
  block.with = Object.assign(new Error('a gesture first'), { name: 'NotAllowedError' });
  stream.play('camera', { fit: 'contain', muted: false }, done);
  await devicesAnswer();
  expect(done.mock.calls).toEqual([[{ status: 'paused', reason: 'a gesture first' }]]);
  expect(status.mock.calls[0]?.[0]).toMatchObject({ playerId: '7', status: 'paused', isErrorState: true });
  block.with = null;
  await stream.resume();
  expect(elements.slice(1).map(({ paused }) => paused)).toEqual([false, false]);
  expect(elements[2]).toMatchObject({ muted: false });
  expect(elements[1]?.style).toMatchObject({ objectFit: 'contain' });
});

test('a shared screen is shown whole and never mirrored', async () => {
  const { elements, stream } = await showing({ audio: false, video: false, screen: true, streamID: 7 });
  stream.play('camera');
  expect(elements[1]?.style).toMatchObject({ objectFit: 'contain' });
  expect(elements[1]?.style).not.toHaveProperty('transform');
});

test('volume and mutes of a remote stream stay on this page', async () => {
  const { document, elements } = testPage();
  const media = { ...testMedia().media, page: document };
  const { host, told } = await inside('rtc', { media });
  await entries(host, 1, member(8));
  const remote: WebStream = told[1]?.[1].stream;
  remote.setAudioVolume(30);
  remote.muteVideo();
  remote.play('camera');
  const [, video, audio] = elements;
  expect(audio).toMatchObject({ volume: 0.3, muted: false });
  expect(video?.style).toMatchObject({ visibility: 'hidden', objectFit: 'contain' });
  remote.muteAudio();
  remote.unmuteVideo();
  remote.setAudioVolume(500);
  expect(audio).toMatchObject({ volume: 1, muted: true });
  expect(video?.style.visibility).toBe('');
  expect(host.latest.sent('update')).toEqual([]);
  remote.close();
  expect(remote.isPlaying()).toBe(false);
});

/** A local stream that has been initialised on a page with the element `camera`. */
async function showing(spec: WebStreamSpec = cameraAndMicrophone) {
  const { document, elements, place, block } = testPage();
  const stream = page({ media: { ...testMedia().media, page: document } }).AgoraRTC.createStream(spec);
  stream.init();
  await devicesAnswer();
  return { stream, elements, place, block };
}

class TestElement {
  id = '';
  autoplay = false;
  muted = false;
  paused = true;
  volume = 1;
  srcObject: unknown = null;
  plays = 0;
  readonly style: Record<string, string> = {};
  readonly attributes: Record<string, string> = {};
  children: TestElement[] = [];
  #parent: TestElement | null = null;
  readonly #block: { with: Error | null };

  constructor(block: { with: Error | null }) {
    this.#block = block;
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  appendChild(child: TestElement): void {
    child.#parent = this;
    this.children.push(child);
  }

  remove(): void {
    const parent = this.#parent;
    if (parent) parent.children = parent.children.filter((child) => child !== this);
  }

  async play(): Promise<void> {
    if (this.#block.with) throw this.#block.with;
    this.plays += 1;
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }
}

/** A document with one element, `camera`; `elements` are those that were created, in order. */
function testPage() {
  const block = { with: null as Error | null };
  const elements: TestElement[] = [];
  const place = new TestElement(block);
  const document = {
    getElementById: (id: string) => (id === 'camera' ? place : null),
    createElement() {
      const element = new TestElement(block);
      elements.push(element);
      return element;
    },
  };
  return { document: document as unknown as Document, elements, place, block };
}
