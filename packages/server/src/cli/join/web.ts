/** A client of the web dialect, without a page and without devices. */
import AgoraRTC, { type ClientEvents, type Uid, type WebClient, type WebStream } from '@holdfast/sdk/web';
import { type Client, type JoinRequest, type Meaning, UsageError, type Watcher } from './client.ts';
import { plainData } from './messages.ts';
import { commandsOf, type Steered } from './steering.ts';
import { webWords } from './web-words.ts';
import { good, plain } from './words.ts';

/**
 * One client with one stream. It does what the documentation's first program does: it joins, and publishes once
 * it is in. The success of a join and of a leave is a callback of the method itself; its line has the method's name.
 */
export function webClient(request: JoinRequest, watcher: Watcher): Client {
  // Its failures are told as lines.
  AgoraRTC.Logger.setLogLevel(AgoraRTC.Logger.NONE);
  const client = AgoraRTC.createClient({ mode: request.profile === 'live' ? 'live' : 'rtc', codec: 'vp8' });
  const stream = AgoraRTC.createStream({ audio: true, video: true });
  return {
    join: () => join(client, stream, request, watcher),
    state() {
      const state = client.getConnectionState();
      return { args: [state], words: state, mood: 'plain' };
    },
    commands: commandsOf(steered(client, stream, watcher)),
  };
}

/** What does not work out is told by the event `failure`, which is a line. */
function steered(client: WebClient, stream: WebStream, watcher: Watcher): Steered {
  const ask = (call: () => void) => {
    call();
    return null;
  };
  return {
    leave() {
      const left = () => {
        watcher.callback({ name: 'leave', args: [], ...plain('left') });
        watcher.ended(null);
      };
      return ask(() => client.leave(left));
    },
    role: (role) => ask(() => client.setClientRole(role)),
    mute(kind, muted) {
      const verb = muted ? 'mute' : 'unmute';
      return stream[`${verb}${kind === 'audio' ? 'Audio' : 'Video'}`]() ? null : `there is no ${kind}`;
    },
    publish: (on) => ask(() => (on ? client.publish(stream) : client.unpublish(stream))),
    renew: (token) => ask(() => client.renewToken(token)),
    send: (text) => ask(() => client.sendStreamMessage(text)),
  };
}

/** Joins; what is wrong with the request is told only after the calls have returned. */
function join(
  client: WebClient,
  stream: WebStream,
  { servers, appId, token, channel, uid, profile, role, publish }: JoinRequest,
  watcher: Watcher,
): undefined | Promise<never> {
  if (!AgoraRTC.configure({ servers })) throw new UsageError('servers are addresses ws://… or wss://…');
  const isLive = profile === 'live';
  const publishes = publish && (!isLive || role === 'host');
  stream.init();
  client.init(appId);
  if (isLive && role !== undefined) client.setClientRole(role);
  client.join(token, channel, uidOf(uid), (own: Uid) => {
    watcher.callback({ name: 'join', args: [own], ...good(`in the channel as ${own}`) });
    if (publishes) client.publish(stream);
  });
  if (client.getConnectionState() === 'DISCONNECTED') return refusal(client);
  listen(client, watcher);
  return undefined;
}

/** The first failure is the reason of those that follow. */
function refusal(client: WebClient): Promise<never> {
  return new Promise((_, reject) => {
    client.on('failure', ({ code, text }) => reject(new UsageError(`${text} (${code})`)));
  });
}

/** A number is a uid, everything else a name. */
function uidOf(uid: string): Uid {
  return /^\d+$/.test(uid) ? Number(uid) : uid;
}

/** Listens to every event, and learns the end from them as an application does. */
function listen(client: WebClient, watcher: Watcher): void {
  for (const name of Object.keys(webWords) as (keyof typeof webWords)[]) {
    const meaningOf = webWords[name] as (payload: unknown) => Meaning;
    client.on(name, (payload: unknown) => {
      watcher.callback({
        name,
        args: payload === undefined ? [] : [plainValue(payload)],
        ...meaningOf(payload),
      });
    });
  }
  client.on('outage', (record) => watcher.outage(record));
  client.on('error', ({ text }) => watcher.ended(text));
  client.on('client-banned', ({ attr }) => watcher.ended(attr));
  client.on('failure', ({ method, text }: ClientEvents['failure']) => {
    if (method === 'join') watcher.ended(text);
  });
}

/** A payload as plain values: a stream is `{"streamId": <uid>}`, data as in the other dialects. */
function plainValue(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null) return payload;
  const { stream, data } = payload as { readonly stream?: WebStream; readonly data?: Uint8Array };
  if (data !== undefined) return { ...payload, data: plainData(data) };
  return stream === undefined ? payload : { ...payload, stream: { streamId: stream.getId() } };
}
