/** Files in the place of cameras and microphones. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sendFile } from './file-source.node.ts';
import { inside, testStudio } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file of pictures is sent at its own rate, each picture once', async () => {
  const { engine, sent } = await studio('still');
  const beganAt = performance.now();
  const source = await sendFile(engine, video(4, 'F50:1'));
  expect(source.kind).toBe('video');
  await source.ended;
  expect(sent().map(({ width, height, data }) => [width, height, data[0], data.length])).toEqual(
    [0, 1, 2, 3].map((number) => [4, 2, number, 12]),
  );
  // Three pauses of 20 ms; timers may be a millisecond early.
  expect(performance.now() - beganAt).toBeGreaterThan(55);
});

test('a file of sound is sent 20 ms at a time, to its last sample', async () => {
  const { engine, sent } = await studio('sound');
  await (await sendFile(engine, sound(8_000, 2, 400))).ended;
  const all = sent();
  expect(all.map(({ samples }) => samples.length)).toEqual([320, 320, 160]);
  expect(all.flatMap(({ samples }) => [...samples])).toEqual(
    Array.from({ length: 800 }, (_, at) => at - 400),
  );
  expect(all[0]).toMatchObject({ channels: 2, samplesPerSecond: 8_000 });
});

test('a file begins again at its end until it is stopped', async () => {
  const { engine, sent } = await studio('still');
  const source = await sendFile(engine, video(2, 'F100:1'), { loop: true });
  await expect.poll(() => sent().length).toBeGreaterThan(4);
  source.stop();
  await source.ended;
  expect(
    sent()
      .slice(0, 5)
      .map(({ data }) => data[0]),
  ).toEqual([0, 1, 0, 1, 0]);
});

test('C-80 what is no such file is refused in words, and one that breaks off has ended', async () => {
  const { engine, sent } = await studio('still');
  const refused = (name: string, bytes: string | Buffer) =>
    expect(sendFile(engine, file(name, bytes))).rejects;
  await refused('text', 'no media at all').toThrow(/neither raw video/);
  await refused('empty', '').toThrow(/neither raw video/);
  await refused('odd.y4m', 'YUV4MPEG2 W3 H2 F25:1\n').toThrow(/even/);
  await refused('huge.y4m', 'YUV4MPEG2 W1000000 H2 F25:1\n').toThrow(/pixels/);
  await refused('fast.y4m', 'YUV4MPEG2 W4 H2 F25:0\n').toThrow(/pictures a second/);
  await refused('full.y4m', 'YUV4MPEG2 W4 H2 F25:1 C444\n').toThrow(/C?444/);
  await refused('odd.wav', wave(8_000, 3, Buffer.alloc(6))).toThrow(/channel/);
  await refused('rate.wav', wave(11_025, 1, Buffer.alloc(2))).toThrow(/samples a second/);
  await refused('none.wav', wave(8_000, 1, Buffer.alloc(0)).subarray(0, 36)).toThrow(/no samples/);
  await expect(sendFile(engine, join(folder, 'nowhere'))).rejects.toThrow(/ENOENT/);
  const broken = file('broken.y4m', 'YUV4MPEG2 W4 H2 F100:1\nFRAME\n123456789012FRAME\n1234');
  await (await sendFile(engine, broken, { loop: false })).ended;
  expect(sent().length).toBe(1);
});

test('a file without a picture ends, though it should begin again; where there are no media it is refused', async () => {
  const { engine } = await studio('still');
  await (await sendFile(engine, file('bare.y4m', 'YUV4MPEG2 W4 H2 F25:1\n'), { loop: true })).ended;
  const { engine: bare } = await inside({}, undefined, testStudio('not installed').studio);
  await expect(sendFile(bare, video(1, 'F25:1'))).rejects.toThrow(/@roamhq\/wrtc/);
});

/** An engine in a channel, and what it has sent of a kind. */
async function studio(what: 'still' | 'sound') {
  const { studio: played, told } = testStudio();
  const { engine } = await inside({}, undefined, played);
  return { engine, sent: () => told.filter(([name]) => name === what).map(([, piece]) => piece) };
}

/** Pictures of 4×2 pixels that are full of their number. */
function video(pictures: number, rate: string): string {
  const all = Array.from({ length: pictures }, (_, number) => [
    Buffer.from('FRAME Ix\n'),
    Buffer.alloc(12, number),
  ]);
  return file(
    'video.y4m',
    Buffer.concat([Buffer.from(`YUV4MPEG2 W4 H2 ${rate} Ip C420jpeg\n`), ...all.flat()]),
  );
}

/** Samples that count upwards. */
function sound(rate: number, channels: number, each: number): string {
  const samples = Int16Array.from({ length: each * channels }, (_, at) => at - each);
  return file('sound.wav', wave(rate, channels, Buffer.from(samples.buffer)));
}

function wave(rate: number, channels: number, samples: Buffer): Buffer {
  const head = Buffer.alloc(44 + 8);
  head.write('RIFF', 0);
  head.write('WAVE', 8);
  head.write('fmt ', 12);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt16LE(16, 34);
  // Something between them that nobody knows.
  head.write('LIST', 36);
  head.write('data', 44);
  head.writeUInt32LE(samples.length, 48);
  return Buffer.concat([head, samples]);
}

function file(name: string, bytes: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
