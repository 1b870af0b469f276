/** A client of the apple dialect: ios, macos. */
import { ConnectionState, type RtcEngineDelegate, RtcEngineKit } from '@holdfast/sdk/apple';
import { appleWords } from './apple-words.ts';
import type { Client, JoinRequest, Watcher } from './client.ts';
import { engineClient, mediaOptions, numberOf, teller } from './engines.ts';
import { reasonWords } from './words.ts';

/**
 * The program's one engine, made anew. The end of the process is a leave (C-31).
 * @param kit the program's, unless several programs share the process
 */
export function appleClient(
  request: JoinRequest,
  watcher: Watcher,
  kit: Pick<typeof RtcEngineKit, 'destroy' | 'sharedEngine'> = RtcEngineKit,
): Client {
  const { appId, servers, token, channel, uid } = request;
  const platform = request.platform as 'ios' | 'macos';
  kit.destroy();
  const engine = kit.sharedEngine({ appId, servers, platform });
  return engineClient(engine, {
    join() {
      const result = engine.joinChannel(token, channel, numberOf(uid), mediaOptions(request));
      // What was wrong with the request is not shown as a callback too.
      if (result === 0) engine.delegate = delegateFor(watcher);
      return result;
    },
    update: (options) => engine.updateChannel(options),
  });
}

/** Listens to every callback, and learns the end from them as an application does. */
function delegateFor(watcher: Watcher): RtcEngineDelegate {
  let failure: string | null = null;
  const tell = teller(watcher, appleWords);
  const show =
    (name: string) =>
    (_engine: RtcEngineKit, ...args: unknown[]) =>
      tell(name, args);
  const shown: RtcEngineDelegate = Object.fromEntries(Object.keys(appleWords).map((n) => [n, show(n)]));
  return {
    ...shown,
    didEndOutage: (_engine, record) => watcher.outage(record),
    connectionChangedTo(engine, state, reason) {
      shown.connectionChangedTo?.(engine, state, reason);
      if (state !== ConnectionState.failed) return;
      failure = reasonWords(reason);
      // The error that says why follows the state.
      setImmediate(() => watcher.ended(failure));
    },
    didExplainError(_engine, _code, text) {
      failure = text;
    },
    didLeaveChannel(engine, stats) {
      shown.didLeaveChannel?.(engine, stats);
      watcher.ended(null);
    },
  };
}
