import { expect, it } from 'vitest';
import { Standstill } from './standstill.ts';

const flows = { present: true, published: true, muted: false, wanted: true };

it('C-72 a picture that stands still is told once, and once that it goes on', () => {
  const video = new Standstill('video');
  const at = (arrived: number, now: number) => video.look({ ...flows, arrived }, now)?.code ?? null;
  expect([at(0, 0), at(1, 250), at(1, 2_000)]).toEqual([null, null, null]);
  expect([at(1, 2_250), at(1, 9_000), at(2, 9_250), at(3, 9_500)]).toEqual([1_005, null, 3_005, null]);
});

it('C-72 a frozen sound that its publisher mutes is told as a mute, not as going on', () => {
  const audio = new Standstill('audio');
  audio.look({ ...flows, arrived: 1 }, 0);
  audio.look({ ...flows, arrived: 2 }, 250);
  expect(audio.look({ ...flows, arrived: 2 }, 5_000)).toEqual({
    code: 2_005,
    msg: 'RECV_AUDIO_DECODE_FAILED',
  });
  expect(audio.look({ ...flows, muted: true, arrived: 2 }, 6_000)).toBeNull();
  audio.look({ ...flows, arrived: 3 }, 7_000);
  expect(audio.look({ ...flows, arrived: 4 }, 7_250)).toBeNull();
});
