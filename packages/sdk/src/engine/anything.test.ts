/** C-80: every public method takes anything, also inside a channel: it answers as documented, throws nothing, goes on. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as apple from '../apple/stage.ts';
import * as native from '../native/stage.ts';
import * as web from '../web/stage.ts';
import { errorCodes } from './numbers.ts';
import { admit } from './stage.ts';

const thrower = { get: mine, enumerable: true };
/** Names under which methods look into what they are given. */
const options = [
  ...['appId', 'servers', 'platform', 'channelProfile', 'clientRoleType', 'publishCameraTrack', 'ordered'],
  ...['mode', 'payload', 'length', 'streamID', 'audio', 'video', 'uid', 'eventName', 'call', 'apply', 'then'],
];

/** Values at which code breaks that only looks at types: they never end, or have lost what they stand for. */
const hostile: Readonly<Record<string, () => unknown>> = {
  'a list without an end': () => ({ [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }) }) }),
  'a long list': () => new Array(50_000).fill('ws://one'),
  'bytes that have gone': () => {
    const bytes = new Uint8Array(8);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  },
  'shared bytes': () => new Uint8Array(new SharedArrayBuffer(8)),
  'an object whose every property throws': () => throwing({}),
  'a function whose every property throws': () => throwing(() => {}),
  'a list whose every property throws': () => throwing([]),
  'bytes whose every property throws': () => throwing(new Uint8Array(8)),
  'getters that throw': () =>
    Object.defineProperties({}, Object.fromEntries(options.map((name) => [name, thrower]))),
  'something that can be asked nothing any more': () => revoked({}),
  'a function that can be asked nothing any more': () => revoked(() => {}),
  'a list that can be asked nothing any more': () => revoked([]),
  'bytes that can be asked nothing any more': () => revoked(new Uint8Array(8)),
  'a string that cannot be made': () => ({ toString: mine, valueOf: mine, [Symbol.toPrimitive]: mine }),
  'a rejected promise': () => {
    const promise = Promise.reject(new Error('mine'));
    promise.catch(() => {});
    return promise;
  },
};

function mine(): never {
  throw new Error('mine');
}

function throwing(target: object): object {
  const traps = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'apply', 'construct'];
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, mine])));
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Made when it is passed: the generator looks into what it has made, and would break on it itself. */
const argument: fc.Arbitrary<() => unknown> = fc.oneof(
  fc
    .anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withTypedArray: true,
    })
    .map((value) => () => value),
  fc.constantFrom(...Object.values(hostile)),
  fc
    .constantFrom<unknown>('room', 'stream-added', 'host', 1, 7, -1, Number.NaN, Symbol('junk'), () => {})
    .map((value) => () => value),
);
const list = fc.array(argument, { maxLength: 5 });

const callsOf = (methods: readonly string[]) =>
  fc.array(fc.tuple(fc.constantFrom(...methods), list), { maxLength: 25 });

/** By name: what an object has by itself, and what its classes give it. */
function methodsOf(object: object): string[] {
  const names = new Set<string>();
  for (let from = object; from !== Object.prototype; from = Object.getPrototypeOf(from))
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(from)))
      if (typeof value === 'function' && name !== 'constructor') names.add(name);
  return [...names];
}

function call(object: object, name: string, args: readonly (() => unknown)[]): unknown {
  const made = args.map((make) => make());
  return (object as Record<string, (...args: unknown[]) => unknown>)[name]?.(...made);
}

/** 0 or more is done; below it is the code of a documented error. */
function expectDocumented(result: unknown, name: string): void {
  if (typeof result !== 'number' || result >= 0) return;
  expect(Object.values(errorCodes), `${name} answered ${result}`).toContain(-result);
}

describe('C-80 whatever is passed to whichever method, inside a channel', () => {
  test('native', async () => {
    const methods = methodsOf(native.initialized().engine);
    expect(methods).toEqual(expect.arrayContaining(['joinChannel', 'setVoipMode', 'notifyAppState']));
    await fc.assert(
      fc.asyncProperty(callsOf(methods), async (calls) => {
        const { host, engine } = await native.inside();
        for (const [name, args] of calls) expectDocumented(call(engine, name, args), name);
        engine.release();
        await host.pass(3_000);
        expect(engine.initialize({ appId: 'demo', servers: ['ws://one'] })).toBe(0);
        expect(engine.joinChannel('', 'room', 7)).toBe(0);
        await admit(host);
        expect(engine.getConnectionState()).toBe(3);
      }),
      { numRuns: 100 },
    );
  });

  test('apple', async () => {
    const methods = methodsOf(apple.configured().engine);
    expect(methods).toEqual(expect.arrayContaining(['joinChannel', 'setVoipMode', 'notifyAppState']));
    await fc.assert(
      fc.asyncProperty(callsOf(methods), async (calls) => {
        const { host, kit, engine } = await apple.inside();
        for (const [name, args] of calls) expectDocumented(call(engine, name, args), name);
        kit.destroy();
        await host.pass(3_000);
        const next = kit.sharedEngine({ appId: 'demo', servers: ['ws://one'] });
        expect(next.joinChannel('', 'room', null, 7)).toBe(0);
        await admit(host);
        expect(next.getConnectionState()).toBe(3);
      }),
      { numRuns: 100 },
    );
  });

  test('web', async () => {
    const methods = methodsOf(web.initialised().client);
    expect(methods).toEqual(expect.arrayContaining(['join', 'publish', 'sendStreamMessage']));
    await fc.assert(
      fc.asyncProperty(callsOf(methods), async (calls) => {
        const { host, client, join } = await web.inside();
        for (const [name, args] of calls) await call(client, name, args);
        client.leave();
        await host.pass(3_000);
        client.init('demo');
        join();
        await admit(host);
        expect(client.getConnectionState()).toBe('CONNECTED');
      }),
      { numRuns: 100 },
    );
  });
});

describe('C-80 every public method, with every argument something that breaks when it is looked at', () => {
  const surfaces: Readonly<Record<string, () => object>> = {
    'the native engine': () => native.initialized().engine,
    'the apple kit': () => apple.configured().kit,
    'the apple engine': () => apple.configured().engine,
    AgoraRTC: () => web.page().AgoraRTC,
    'its logger': () => web.page().AgoraRTC.Logger,
    'a web client': () => web.initialised().client,
    'a web stream': () => web.page().AgoraRTC.createStream({ audio: true, video: true }),
  };

  /** For other classes of the dialect, not for applications. */
  const inner = new Set([
    ...['has', 'isMuted', 'mute', 'carry', 'hide', 'look', 'call', 'later', 'inside'],
    ...['stopShowing', 'describe', 'published', 'receive'],
  ]);

  test.each(Object.entries(surfaces))('%s', async (_, make) => {
    const methods = methodsOf(make()).filter((name) => !inner.has(name));
    expect(methods.length).toBeGreaterThan(2);
    for (const name of methods) {
      for (const [what, hostileValue] of Object.entries(hostile)) {
        for (const count of [1, 4]) {
          const value = hostileValue();
          const answer = () =>
            call(
              make(),
              name,
              new Array(count).fill(() => value),
            );
          expect(answer, `${name} with ${what}`).not.toThrow();
        }
      }
    }
  });
});
