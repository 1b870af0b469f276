import { Delivery } from '../driver/delivery.ts';
import { looked } from '../driver/looked.ts';
import { sdkVersion } from '../driver/version.ts';
import { readServers } from './arguments.ts';
import { RtcClient } from './client.ts';
import { LocalStream } from './local-stream.ts';
import { Log } from './log.ts';
import type { AgoraRtc } from './types.ts';
import type { World } from './world.ts';

/** What a page finds under the name `AgoraRTC`, in the world of `world`. */
export function makeAgoraRtc(world: World): AgoraRtc {
  const { media, report, origin } = world;
  const log = new Log(world.print);
  const delivery = new Delivery(report);
  const streams = { media, delivery, log, report };
  let servers: readonly string[] | null = origin === null ? null : [origin];
  const call = (callback: unknown, ...args: unknown[]) => {
    if (typeof callback === 'function') delivery.add(() => callback(...args));
  };
  return {
    VERSION: sdkVersion,
    Logger: log.api,
    configure(configuration: unknown) {
      const read = readServers(configuration);
      if (read === undefined) log.add('error', 'configure: servers is a list of ws:// or wss:// addresses');
      else servers = read;
      return read !== undefined;
    },
    createClient(config: unknown) {
      const said = config as { mode?: unknown; codec?: unknown } | null | undefined;
      const nothing = { mode: undefined, codec: undefined };
      const { mode, codec } = looked(() => ({ mode: said?.mode, codec: said?.codec }), nothing);
      if (mode !== 'live' && mode !== 'rtc')
        log.add('warning', 'createClient: the mode is one of rtc and live');
      if (codec !== 'vp8' && codec !== 'h264')
        log.add('warning', 'createClient: the codec is one of vp8 and h264');
      return new RtcClient({ world, streams, servers: () => servers }, mode, codec);
    },
    createStream: (spec: unknown) => new LocalStream(streams, spec),
    getDevices(onSuccess: unknown, onFailure?: unknown) {
      Promise.resolve(media?.devices() ?? []).then(
        (devices) => call(onSuccess, devices),
        ({ name, message }) => call(onFailure, { name, message }),
      );
    },
    checkSystemRequirements: () => media?.complete ?? false,
    async getSupportedCodec() {
      const video = codecs(media?.codecs('video'), ['VP8', 'H264']);
      return { video, audio: codecs(media?.codecs('audio'), ['OPUS']) };
    },
  };
}

/** Those of the names that a browser has, by its MIME types. */
function codecs(types: readonly string[] = [], names: readonly string[]): string[] {
  const has = types.map((type) => type.split('/')[1]?.toUpperCase());
  return names.filter((name) => has.includes(name));
}
