/** A client of the native dialect: android, windows, linux. */
import {
  ConnectionStateType,
  createRtcEngine,
  type DatedOutage,
  type IRtcEngine,
  type IRtcEngineEventHandler,
} from '@holdfast/sdk/native';
import type { Client, JoinRequest, Watcher } from './client.ts';
import { accepted, engineClient, mediaOptions, numberOf, teller } from './engines.ts';
import { nativeWords } from './native-words.ts';
import { reasonWords } from './words.ts';

/** @param engine a fresh one; tests bring their own */
export function nativeClient(
  request: JoinRequest,
  watcher: Watcher,
  engine: IRtcEngine = createRtcEngine(),
): Client {
  const platform = request.platform as 'android' | 'windows' | 'linux';
  const { appId, servers, token, channel, uid } = request;
  accepted(engine.initialize({ appId, servers, platform }));
  engine.registerEventHandler(handlerFor(watcher));
  return engineClient(engine, {
    join: () => engine.joinChannel(token, channel, numberOf(uid), mediaOptions(request)),
    update: (options) => engine.updateChannelMediaOptions(options),
  });
}

/** Listens to every callback, and learns the end from them as an application does. */
function handlerFor(watcher: Watcher): IRtcEngineEventHandler {
  let failure: string | null = null;
  const tell = teller(watcher, nativeWords);
  const show = (name: string) => {
    const alias = name === 'didRejoinChannel' ? { alias: 'onRejoinChannelSuccess' } : {};
    return (...args: unknown[]) => tell(name, args, alias);
  };
  const shown: IRtcEngineEventHandler = Object.fromEntries(Object.keys(nativeWords).map((n) => [n, show(n)]));
  return {
    ...shown,
    onOutage: (_connection, record: DatedOutage) => watcher.outage(record),
    onConnectionStateChanged(connection, state, reason) {
      shown.onConnectionStateChanged?.(connection, state, reason);
      if (state !== ConnectionStateType.ConnectionStateFailed) return;
      failure = reasonWords(reason);
      // The error that says why follows the state.
      setImmediate(() => watcher.ended(failure));
    },
    onError(code, text) {
      shown.onError?.(code, text);
      failure = text;
    },
    onLeaveChannel(connection, stats) {
      shown.onLeaveChannel?.(connection, stats);
      watcher.ended(null);
    },
  };
}
