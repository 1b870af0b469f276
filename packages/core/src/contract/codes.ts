/**
 * Close codes of the WebSocket, and what a client does about each. A code is decided once, for both
 * ends; `Refused.code` carries the same numbers. No close code is a goodbye (contract, Words).
 */

/** What the client does next. `retry` tries again as before; `rejoin` joins afresh; `stop` ends the session. */
export type Advice = 'retry' | 'rejoin' | 'reauthenticate' | 'stop';

export interface CloseCode {
  readonly code: number;
  readonly advice: Advice;
  readonly text: string;
}

const table = {
  done: { code: 1000, advice: 'retry', text: 'the connection is not needed any more' },
  goingAway: { code: 1001, advice: 'retry', text: 'the server is going away' },
  abnormal: { code: 1006, advice: 'retry', text: 'the transport closed without a word' },

  superseded: { code: 4000, advice: 'retry', text: 'another connection of this session took over' },
  silent: { code: 4001, advice: 'retry', text: 'nothing was received on this connection for 10 s' },
  slowConsumer: { code: 4002, advice: 'retry', text: 'the client reads more slowly than the channel sends' },
  busy: { code: 4003, advice: 'retry', text: 'the server takes no more for the moment' },
  unavailable: { code: 4004, advice: 'retry', text: 'the server cannot do this safely for the moment' },
  noFirstFrame: { code: 4005, advice: 'retry', text: 'no join or resume arrived in time' },
  tooFast: { code: 4006, advice: 'retry', text: 'the client sends more in a second than the server takes' },

  unknownSession: { code: 4100, advice: 'rejoin', text: 'the session is not known: join afresh' },

  tokenExpired: { code: 4200, advice: 'reauthenticate', text: 'the token has expired: renew it' },

  protocol: { code: 4300, advice: 'stop', text: 'a frame was malformed or out of order' },
  version: { code: 4301, advice: 'stop', text: 'no common protocol version' },
  tooLarge: { code: 4302, advice: 'stop', text: 'a frame was larger than allowed' },
  invalidAppId: { code: 4310, advice: 'stop', text: 'the app id is not served here' },
  invalidChannelName: {
    code: 4311,
    advice: 'stop',
    text: 'the channel name is empty, too long or has control characters',
  },
  invalidUid: { code: 4312, advice: 'stop', text: 'the uid or account is not valid' },
  invalidToken: { code: 4313, advice: 'stop', text: 'the token is not valid for this app, channel and uid' },
  rejected: { code: 4314, advice: 'stop', text: 'the server rejects this join' },
  otherProfile: { code: 4315, advice: 'stop', text: 'the channel has the other profile' },
  sameUid: { code: 4316, advice: 'stop', text: 'the same uid has joined again elsewhere' },
  uidInUse: { code: 4317, advice: 'stop', text: 'the uid is in use and this server keeps the first' },
  banned: { code: 4318, advice: 'stop', text: 'the user is banned or the channel closed by the operator' },
} as const satisfies Record<string, CloseCode>;

export type CloseName = keyof typeof table;

export const closeCodes: Readonly<Record<CloseName, CloseCode>> = table;

const byCode = new Map<number, CloseName>(
  (Object.keys(table) as CloseName[]).map((name) => [table[name].code, name]),
);

/** What a WebSocket library says by itself when the other end breaks the rules (RFC 6455, 7.4.1). */
const standardCodes = new Map<number, CloseName>([
  [1002, 'protocol'],
  [1003, 'protocol'],
  [1007, 'protocol'],
  [1009, 'tooLarge'],
]);

/** The name of a close code; a code that is not ours is a transport's own end. */
export function closeName(code: number): CloseName {
  return byCode.get(code) ?? standardCodes.get(code) ?? 'abnormal';
}
