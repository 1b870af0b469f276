import type { Host } from '../driver/host.ts';
import { looked } from '../driver/looked.ts';
import { readContext } from '../engine/arguments.ts';
import { errorText } from '../engine/errors.ts';
import { errorCodes } from '../engine/numbers.ts';
import type { WatchEnd } from './ends.ts';
import { AppleEngine, applePlatforms } from './engine.ts';
import type { RtcEngineKitClass, RtcEngineSurroundings } from './types.ts';

/** The kit of one program: at most one engine at a time. */
export function makeKit(makeHost: () => Host, watchEnd: WatchEnd): RtcEngineKitClass {
  let shared: AppleEngine | null = null;
  let surroundings: RtcEngineSurroundings = {};

  function engine(): AppleEngine {
    const made: AppleEngine = new AppleEngine(makeHost(), watchEnd, () => {
      if (shared === made) shared = null;
    });
    return made;
  }

  return {
    sharedEngine(config: unknown, delegate?: unknown) {
      shared ??= engine();
      if (delegate !== undefined) shared.delegate = delegate;
      const named = typeof config === 'string' ? { appId: config } : config;
      const whole = typeof named === 'object' ? { ...surroundings, ...looked(() => said(named), {}) } : named;
      shared.initialize(whole);
      return shared;
    },
    configure(given: unknown) {
      const read = readSurroundings(given);
      if (read === null) return -errorCodes.invalidArgument;
      surroundings = read;
      return errorCodes.ok;
    },
    destroy: () => shared?.destroy(),
    getErrorDescription: errorText,
  };
}

/** @returns null if an engine could not be made of it and an app id */
function readSurroundings(given: unknown): RtcEngineSurroundings | null {
  return looked(() => surroundingsOf(given), null);
}

function surroundingsOf(given: unknown): RtcEngineSurroundings | null {
  if (typeof given !== 'object' || given === null) return null;
  const { servers, platform, interruptedMs, lostMs, giveUpMs } = given as RtcEngineSurroundings;
  const options = { servers, platform, interruptedMs, lostMs, giveUpMs };
  const read = readContext({ appId: 'any', ...options }, applePlatforms, 'macos');
  return 'error' in read ? null : said({ ...options, servers: read.value.servers });
}

/** An option that is undefined says nothing. */
function said(options: object | null): object {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
}
