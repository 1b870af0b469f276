import { expect, test } from 'vitest';
import type { Link } from './cluster.ts';
import { kindOf } from './kind.ts';
import type { Product } from './product.ts';
import { hashOfTrace, run } from './run.ts';

const { generate, product } = await kindOf(true);
/** These broke a promise once. */
const known = [7_200_033, 7_200_161, 7_400_068, 7_400_195, 7_400_230, 7_400_382];
const seeds = [...Array.from({ length: 8 }, (_, index) => 1_001 + index), ...known];

test('no promise is broken by several servers over a Redis that fails', { timeout: 60_000 }, async () => {
  const broken: string[] = [];
  for (const seed of seeds) {
    const { violations } = await run(generate(seed), product);
    for (const { promise, who, text } of violations)
      broken.push(`npm run simulate -- --cluster --seed ${seed}: ${promise} ${who}: ${text}`);
  }
  expect(broken).toEqual([]);
});

test('a run over Redis is a pure function of its seed', { timeout: 60_000 }, async () => {
  const [first, second] = [await run(generate(5), product), await run(generate(5), product)];
  expect(hashOfTrace(second.trace)).toBe(hashOfTrace(first.trace));
});

test.each([
  ['acknowledges a message without keeping it', "append('x' .. item)", '', 'C-60'],
  ['tells no other server', "redis.call('PUBLISH', inbox .. follower, text)", '', 'C-60'],
])('the simulator notices a script that %s', { timeout: 60_000 }, async (_, from, to, promise) => {
  expect(await brokenBy(withScripts((lua) => lua.replace(from, to)))).toContain(promise);
});

async function brokenBy(faulty: Product): Promise<string[]> {
  for (const seed of seeds) {
    const { violations } = await run(generate(seed), faulty);
    if (violations.length > 0) return violations.map(({ promise }) => promise);
  }
  return [];
}

/** The product with other scripts. */
function withScripts(change: (lua: string) => string): Product {
  return {
    ...product,
    openServer: (store, setup) =>
      product.openServer(store, {
        ...setup,
        door: (listener) => {
          const link = setup.door(listener);
          const run: Link['run'] = ({ sha, lua }, keys, args) =>
            link.run({ sha, lua: change(lua) }, keys, args);
          return new Proxy(link, {
            get: (door, name) => {
              const own: unknown = name === 'run' ? run : Reflect.get(door, name);
              return typeof own === 'function' && name !== 'run' ? own.bind(door) : own;
            },
          });
        },
      }),
  };
}
