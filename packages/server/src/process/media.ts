/** A server's desk for media, between its settings and itself. */
import { isIP } from 'node:net';
import type { Logger } from 'pino';
import { readIceServer, type Settings } from '../config/index.ts';
import { MediaDesk } from '../media/desk.ts';
import type { MediaConfig } from '../media/messages.ts';
import type { MediaListener } from '../media/port.ts';
import type { Store } from '../store/store.ts';

/** @param listener asked for when there is something to tell; `happened` runs after it */
export function openDesk(
  name: string,
  settings: Settings,
  log: Logger,
  listener: () => MediaListener,
  happened: () => void,
  store: Store,
): MediaDesk {
  return new MediaDesk({
    name,
    log,
    others: () =>
      store
        .seats()
        .map(({ server }) => server)
        .filter((server) => server !== name),
    whisper: (server, text) => store.whisper(name, server, text),
    turn: {
      iceServers: settings.media.iceServers.map(readIceServer),
      secret: settings.media.turnSecret,
      seconds: settings.media.turnSeconds,
    },
    listener: {
      mediaMoved: () => listener().mediaMoved(),
      mediaAnswered: (user, answer) => listener().mediaAnswered(user, answer),
      mediaHeard: (user) => {
        listener().mediaHeard(user);
        happened();
      },
    },
  });
}

/** @param port the one on which the server listens for TCP */
export function mediaConfig({ host, media }: Settings, port: number): MediaConfig {
  const own = media.port ?? port;
  const isByTcp = media.iceServers.some((server) => /^turns:|^turn:.*[?&]transport=tcp/.test(server));
  return {
    ...{ host: interfaceOf(host), port: own, publicAddress: media.publicAddress, nack: media.nack },
    relayedPort: isByTcp ? (media.relayedPort ?? (own % 65_535) + 1) : null,
  };
}

/** The interface to listen on; null: all of them. */
function interfaceOf(host: string): string | null {
  if (host === 'localhost') return '127.0.0.1';
  return isIP(host) === 0 || host === '0.0.0.0' || host === '::' ? null : host;
}
