import { type Call, call, like } from './call.ts';
import type { Dialect, Failure, Listener, Stage } from './dialect.ts';

const before: Readonly<Record<Stage, string>> = {
  connecting: 'CONNECTING',
  connected: 'CONNECTED',
  away: 'CONNECTING',
};

const codes: Readonly<Record<Failure, string>> = {
  'gave up': 'SOCKET_DISCONNECTED',
  replaced: 'UID_CONFLICT',
  'uid in use': 'UID_CONFLICT',
  'other profile': 'K_CHANNEL_CONFLICTED',
  'invalid token': 'NO_AUTHORIZED',
  'token expired': 'DYNAMIC_KEY_EXPIRED',
  banned: 'K_UID_BANNED',
};

/** The 2.x shape. The success of a join and of a leave is a callback of the method itself, shown under its name. */
export function web(me: Listener): Dialect {
  const changed = (prevState: string, curState: string) =>
    call('connection-state-change', like({ prevState, curState }));
  const stream = (uid: number) => like({ stream: { streamId: uid } });
  const streamBack = (uid: number): Call[] => [call('stream-added', stream(uid))];
  const left = (uid: number, reason: string) => [
    call('peer-leave', like({ uid, reason, stream: { streamId: uid } })),
  ];
  return {
    joined: () => [
      changed('DISCONNECTED', 'CONNECTING'),
      changed('CONNECTING', 'CONNECTED'),
      call('join', me.uid),
    ],
    published: () => [call('stream-published', stream(me.uid))],
    unpublished: () => [call('stream-unpublished', stream(me.uid))],
    interrupted: () => [changed('CONNECTED', 'CONNECTING')],
    lost: () => [],
    back: () => [changed('CONNECTING', 'CONNECTED')],
    left: (from) => [
      changed(before[from], 'DISCONNECTING'),
      changed('DISCONNECTING', 'DISCONNECTED'),
      call('leave'),
    ],
    failed(why, from) {
      const code = codes[why];
      const ended = changed(before[from], 'DISCONNECTED');
      if (from === 'connecting')
        return [
          changed('DISCONNECTED', 'CONNECTING'),
          ended,
          call('failure', like({ method: 'join', code })),
        ];
      if (why === 'banned') return [ended, call('client-banned', like({ uid: me.uid, attr: code }))];
      return [ended, call('error', like({ reason: code }))];
    },
    becameAudience: () => [
      call('client-role-changed', like({ role: 'audience' })),
      call('stream-unpublished', stream(me.uid)),
    ],
    appeared: ({ uid, publishes }) => [
      call('peer-online', like({ uid })),
      ...(publishes ? streamBack(uid) : []),
    ],
    quit: (uid) => left(uid, 'Quit'),
    demoted: (uid) => left(uid, 'BecomeAudience'),
    peerGone: (uid) => left(uid, 'ServerTimeOut'),
    streamGone: (uid) => [call('stream-removed', stream(uid))],
    streamBack,
    tokenWillExpire: () => [call('onTokenPrivilegeWillExpire')],
    tokenRequested: () => [call('onTokenPrivilegeDidExpire')],
    tokenRenewed: () => [],
    message: ({ from, text }) => [call('stream-message', like({ uid: from, data: { text } }))],
    missed: (from) => [call('stream-message-gap', like({ uid: from }))],
    tooLarge: () => [call('failure', like({ method: 'sendStreamMessage', code: 'MESSAGE_TOO_LARGE' }))],
  };
}
