/** Joining, leaving and failing, as a page of the web dialect sees them. */
import { expect, test } from 'vitest';
import { granted } from '../driver/virtual-host.ts';
import { admit, initialised, inside, member, page, refuse } from './stage.ts';

const change = (prevState: string, curState: string) => ['connection-state-change', { prevState, curState }];

test('C-12 the state, then the success callback with the uid; nothing before join returns', async () => {
  const { host, client, told, join } = initialised();
  join();
  expect(told).toEqual([]);
  expect(client.getConnectionState()).toBe('CONNECTING');
  await admit(host);
  expect(told).toEqual([
    change('DISCONNECTED', 'CONNECTING'),
    change('CONNECTING', 'CONNECTED'),
    ['joined', 7],
  ]);
  expect(client.getConnectionState()).toBe('CONNECTED');
});

test('the join says who and what; a web user publishes nothing by joining (C-24)', async () => {
  const { host, client } = initialised();
  client.join('token', 'room', 7);
  await host.settle();
  expect(host.latest.url).toBe('ws://one');
  expect(host.latest.open().sent('join')[0]).toMatchObject({
    credentials: { appId: 'demo', channel: 'room', token: 'token', sdk: 'holdfast-web/0.0.0' },
    uid: 7,
    account: '',
    platform: 'web',
    profile: 'communication',
    self: { role: 'host', streams: [] },
  });
});

test.each([null, undefined, 0])('uid %s: the server assigns a number', async (uid) => {
  const { host, client, told, callback } = initialised();
  client.join(null, 'room', uid, callback('joined') as () => void);
  await host.settle();
  expect(host.latest.open().sent('join')[0]).toMatchObject({ uid: 0, account: '' });
  host.latest.answer(granted.welcome(4_711));
  await host.settle();
  expect(told.at(-1)).toEqual(['joined', 4_711]);
});

test('a string uid stays a string, for oneself and for the others', async () => {
  const { host, told, join } = initialised();
  join('alice');
  await host.settle();
  expect(host.latest.open().sent('join')[0]).toMatchObject({ uid: 0, account: 'alice' });
  host.latest.answer(granted.welcome(900, [member(901, { account: '12' }), member(12)]));
  await host.settle();
  expect(told[2]).toEqual(['joined', 'alice']);
  expect(told.filter(([name]) => name === 'peer-online')).toEqual([
    ['peer-online', { uid: '12' }],
    ['peer-online', { uid: 12 }],
  ]);
  const added = told.filter(([name]) => name === 'stream-added').map(([, { stream }]) => stream.getId());
  expect(added).toEqual(['12', 12]);
});

test.each<[string, unknown[], string[]]>([
  ['five arguments', ['ok', 'err'], ['ok']],
  ['six arguments, with a word on the user', ['info', 'ok', 'err'], ['ok']],
  ['six arguments, without a word', [null, 'ok', 'err'], ['ok']],
  ['four arguments', ['ok'], ['ok']],
  ['a word on the user and one callback', ['info', 'ok'], ['ok']],
  ['no callbacks', [], []],
])('join with %s', async (_what, rest, called) => {
  const { host, client } = initialised();
  const heard: string[] = [];
  const given = rest.map((name) => (name === 'ok' || name === 'err' ? () => heard.push(name) : name));
  (client.join as (...args: unknown[]) => void)(null, 'room', 7, ...given);
  await admit(host);
  expect(heard).toEqual(called);
});

test('C-14 leaving: DISCONNECTING, DISCONNECTED, the callback, and nothing is left behind', async () => {
  const { host, client, told, callback } = await inside();
  client.leave(callback('left'), callback('not left'));
  expect(client.getConnectionState()).toBe('DISCONNECTING');
  await host.settle();
  expect(told).toEqual([
    change('CONNECTED', 'DISCONNECTING'),
    change('DISCONNECTING', 'DISCONNECTED'),
    ['left'],
  ]);
  expect(client.getConnectionState()).toBe('DISCONNECTED');
  expect(host.connections.flatMap((connection) => connection.sent('leave'))).toHaveLength(1);
  await host.pass(2_000);
  expect(host.leftovers).toBe(0);
});

test('leaving without a channel succeeds, and so does leaving twice', async () => {
  const { host, client, told, callback } = await inside();
  client.leave(callback('left'));
  client.leave(callback('left again'));
  await host.pass(3_000);
  expect(told.map(([name]) => name)).toEqual([
    'connection-state-change',
    'connection-state-change',
    'left',
    'left again',
  ]);
});

test('C-14 leaving while joining: neither callback of the join is called', async () => {
  const { host, client, told, callback, join } = initialised();
  join();
  await host.settle();
  client.leave(callback('left'));
  await host.pass(3_000);
  expect(told).toEqual([
    change('DISCONNECTED', 'CONNECTING'),
    change('CONNECTING', 'DISCONNECTING'),
    change('DISCONNECTING', 'DISCONNECTED'),
    ['left'],
  ]);
  expect(host.leftovers).toBe(0);
});

test('a callback may leave and join elsewhere: the order stays', async () => {
  const { host, client, told, callback } = await inside();
  client.leave(() => client.join(null, 'next', 8, callback('joined'), callback('refused')));
  await host.settle();
  await admit(host, 8);
  expect(told).toEqual([
    change('CONNECTED', 'DISCONNECTING'),
    change('DISCONNECTING', 'DISCONNECTED'),
    change('DISCONNECTED', 'CONNECTING'),
    change('CONNECTING', 'CONNECTED'),
    ['joined', 8],
  ]);
});

test('C-30 no hook on the end of the page: closing it is a drop, not a goodbye', async () => {
  const heard: string[] = [];
  const target = globalThis as { addEventListener?: unknown };
  const before = target.addEventListener;
  target.addEventListener = (name: string) => heard.push(name);
  try {
    await inside();
  } finally {
    target.addEventListener = before;
  }
  expect(heard).toEqual([]);
});

test.each<[string, number, string]>([
  ['an unknown app', 4_310, 'INVALID_VENDOR_KEY'],
  ['a bad channel name', 4_311, 'INVALID_CHANNEL_NAME'],
  ['a bad uid', 4_312, 'INVALID_UID'],
  ['a bad token', 4_313, 'NO_AUTHORIZED'],
  ['an expired token', 4_200, 'DYNAMIC_KEY_EXPIRED'],
  ['the other mode', 4_315, 'K_CHANNEL_CONFLICTED'],
  ['a uid in use', 4_317, 'UID_CONFLICT'],
  ['a ban', 4_318, 'K_UID_BANNED'],
  ['no common version', 4_301, 'SERVICE_NOT_AVAILABLE'],
])(
  'a join refused for %s: the state, the failure callback, the event with more words',
  async (_what, close, code) => {
    const { host, client, told, join } = initialised();
    join();
    await refuse(host, close);
    expect(told).toEqual([
      change('DISCONNECTED', 'CONNECTING'),
      change('CONNECTING', 'DISCONNECTED'),
      ['refused', code],
      ['failure', { method: 'join', code, text: 'why' }],
    ]);
    expect(client.getConnectionState()).toBe('DISCONNECTED');
    expect(host.leftovers).toBe(0);
  },
);

test('C-40 the same uid elsewhere: the state, then UID_CONFLICT; another join is possible then', async () => {
  const { host, client, told, join } = await inside();
  await refuse(host, 4_316);
  expect(told.splice(0)).toEqual([
    change('CONNECTED', 'DISCONNECTED'),
    ['error', { reason: 'UID_CONFLICT', text: 'why' }],
  ]);
  await host.pass(60_000);
  expect(told).toEqual([]);
  join();
  await admit(host);
  expect(client.getConnectionState()).toBe('CONNECTED');
});

test('C-44 banned: the state, then client-banned', async () => {
  const { host, told } = await inside();
  await refuse(host, 4_318);
  expect(told).toEqual([
    change('CONNECTED', 'DISCONNECTED'),
    ['client-banned', { uid: 7, attr: 'K_UID_BANNED' }],
  ]);
});

test('C-43 a token that has expired meanwhile: the event that asks for another; 30 s later the error', async () => {
  const { host, told } = await inside();
  await refuse(host, 4_200);
  expect(told.splice(0)).toEqual([['onTokenPrivilegeDidExpire', undefined]]);
  await host.pass(31_000);
  const [ended, error] = told.slice(-2);
  expect(ended).toEqual(change('CONNECTING', 'DISCONNECTED'));
  expect(error).toMatchObject(['error', { reason: 'DYNAMIC_KEY_EXPIRED' }]);
});

test('a renewed token is in the next resume', async () => {
  const { host, client, told, callback } = await inside();
  client.renewToken('newer', callback('renewed'));
  await host.pass(5_000);
  expect(told[0]).toEqual(['renewed']);
  expect(host.latest.open().sent('resume')[0]?.credentials.token).toBe('newer');
});

test('without servers the join says so; configure wins over where the script came from', async () => {
  const { host, client, told, AgoraRTC, join } = initialised('rtc', { origin: null });
  join();
  await host.settle();
  expect(told).toEqual([
    ['refused', 'BAD_ENVIRONMENT'],
    ['failure', expect.objectContaining({ text: expect.stringContaining('configure') })],
  ]);
  expect(AgoraRTC.configure({ servers: ['wss://two/', 'ws://three'] })).toBe(true);
  join();
  await host.settle();
  expect(host.latest.url).toMatch(/two|three/);
  expect(client.getConnectionState()).toBe('CONNECTING');
});

test('a browser that lacks something: the join says what', async () => {
  const world = {
    host: () => {
      throw new Error('crypto.getRandomValues is missing');
    },
  };
  const { told, join } = initialised('rtc', world);
  join();
  await Promise.resolve();
  expect(told).toEqual([
    ['refused', 'BAD_ENVIRONMENT'],
    ['failure', { method: 'join', code: 'BAD_ENVIRONMENT', text: 'crypto.getRandomValues is missing' }],
  ]);
});

test('two clients of a page are two users', async () => {
  const { host, AgoraRTC } = page();
  const clients = [1, 2].map((uid) => {
    const client = AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' });
    client.init('demo');
    client.join(null, 'room', uid);
    return client;
  });
  await host.settle();
  host.connections[1]?.open().answer(granted.welcome(2));
  await host.settle();
  expect(clients.map((client) => client.getConnectionState())).toEqual(['CONNECTING', 'CONNECTED']);
});
