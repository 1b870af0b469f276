/** The public names of resolutions and frame rates, and what of it a browser is asked for. */
import { looked } from '../driver/looked.ts';

/** Width, height, frames a second. */
type Picture = readonly [width: number, height: number, rate: number];

const cameras: Readonly<Record<string, Picture>> = {
  '120p': [160, 120, 15],
  '120p_1': [160, 120, 15],
  '120p_3': [120, 120, 15],
  '180p': [320, 180, 15],
  '180p_1': [320, 180, 15],
  '180p_3': [180, 180, 15],
  '180p_4': [240, 180, 15],
  '240p': [320, 240, 15],
  '240p_1': [320, 240, 15],
  '240p_3': [240, 240, 15],
  '240p_4': [424, 240, 15],
  '360p': [640, 360, 15],
  '360p_1': [640, 360, 15],
  '360p_3': [360, 360, 15],
  '360p_4': [640, 360, 30],
  '360p_6': [360, 360, 30],
  '360p_7': [480, 360, 15],
  '360p_8': [480, 360, 30],
  '360p_9': [640, 360, 15],
  '360p_10': [640, 360, 24],
  '360p_11': [640, 360, 24],
  '480p': [640, 480, 15],
  '480p_1': [640, 480, 15],
  '480p_2': [640, 480, 30],
  '480p_3': [480, 480, 15],
  '480p_4': [640, 480, 30],
  '480p_6': [480, 480, 30],
  '480p_8': [848, 480, 15],
  '480p_9': [848, 480, 30],
  '480p_10': [640, 480, 10],
  '720p': [1280, 720, 15],
  '720p_1': [1280, 720, 15],
  '720p_2': [1280, 720, 30],
  '720p_3': [1280, 720, 30],
  '720p_5': [960, 720, 15],
  '720p_6': [960, 720, 30],
  '1080p': [1920, 1080, 15],
  '1080p_1': [1920, 1080, 15],
  '1080p_2': [1920, 1080, 30],
  '1080p_3': [1920, 1080, 30],
  '1080p_5': [1920, 1080, 60],
};

const screens: Readonly<Record<string, Picture>> = {
  '480p': [640, 480, 5],
  '480p_1': [640, 480, 5],
  '480p_2': [640, 480, 30],
  '720p': [1280, 720, 5],
  '720p_1': [1280, 720, 5],
  '720p_2': [1280, 720, 30],
  '1080p': [1920, 1080, 5],
  '1080p_1': [1920, 1080, 5],
  '1080p_2': [1920, 1080, 30],
};

/** What a camera is asked for if nobody says otherwise. */
export const defaultCamera: MediaTrackConstraints = wish([640, 480, 15]);

/** Undefined: there is no profile of that name. */
export function cameraProfile(name: unknown): MediaTrackConstraints | undefined {
  return lookUp(cameras, name);
}

/** As `cameraProfile`, for shared screens. */
export function screenProfile(name: unknown): MediaTrackConstraints | undefined {
  return lookUp(screens, name);
}

/** What of an encoder's configuration a device can be asked for. Undefined: it was not understood. */
export function encoderWish(configuration: unknown): MediaTrackConstraints | undefined {
  return looked(() => encodingOf(configuration), undefined);
}

function encodingOf(configuration: unknown): MediaTrackConstraints | undefined {
  if (typeof configuration !== 'object' || configuration === null) return undefined;
  const { resolution, frameRate } = configuration as Record<string, unknown>;
  const size = typeof resolution === 'object' && resolution !== null ? resolution : {};
  const { width, height } = size as Record<string, unknown>;
  const wishes = Object.entries({ width, height, frameRate }).map(([name, said]) => [name, range(said)]);
  return Object.fromEntries(wishes.filter(([, said]) => said !== undefined));
}

/** Bounds become wishes: a demand that a device cannot fulfil would leave it as it is. */
function range(said: unknown): ConstrainULong | undefined {
  if (isNumber(said)) return { ideal: said };
  if (typeof said !== 'object' || said === null) return undefined;
  const { ideal, max, min } = said as Record<string, unknown>;
  const wanted = [ideal, max, min].find(isNumber);
  return wanted === undefined ? undefined : { ideal: wanted };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function lookUp(table: Readonly<Record<string, Picture>>, name: unknown): MediaTrackConstraints | undefined {
  if (typeof name !== 'string' || !Object.hasOwn(table, name)) return undefined;
  return wish(table[name] as Picture);
}

/** Wishes, not demands: a device that cannot do it does what comes nearest. */
function wish([width, height, rate]: Picture): MediaTrackConstraints {
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: rate } };
}
