import { describe, expect, test } from 'vitest';
import { planted } from './planted.ts';
import { product } from './product.ts';
import { hashOfTrace, run } from './run.ts';
import { generate } from './scenario/generate.ts';
import { shrink } from './shrink.ts';
import { story } from './story.ts';

const seeds = Array.from({ length: 300 }, (_, index) => index + 1);

test('no promise is broken in 300 scenarios', { timeout: 120_000 }, async () => {
  const broken: string[] = [];
  for (const seed of seeds) {
    const { violations } = await run(generate(seed), product);
    for (const { promise, who, text } of violations) {
      broken.push(`npm run simulate -- --seed ${seed}: ${promise} ${who}: ${text}`);
    }
  }
  expect(broken).toEqual([]);
});

test('a run is a pure function of its seed', { timeout: 60_000 }, async () => {
  for (const seed of seeds.slice(0, 20)) {
    const first = await run(generate(seed), product);
    const second = await run(generate(seed), product, { telling: true });
    expect(hashOfTrace(second.trace)).toBe(hashOfTrace(first.trace));
  }
});

test('every subset of a script is a scenario', { timeout: 60_000 }, async () => {
  for (const seed of seeds.slice(0, 30)) {
    const scenario = generate(seed);
    const actions = scenario.actions.filter((_, index) => (index + seed) % 3 !== 0);
    await expect(run({ ...scenario, actions }, product)).resolves.toBeDefined();
  }
});

test('a failing scenario is made small and told', { timeout: 60_000 }, async () => {
  const [bug] = planted;
  if (bug === undefined) throw new Error('no bug is planted');
  const faulty = bug.plant(product);
  const failing = await firstFailing(bug.promises, faulty);
  const small = await shrink(failing, faulty, new Set(bug.promises), 20_000);
  expect(small.actions.length).toBeLessThanOrEqual(3);
  expect(story(small, await run(small, faulty))).toContain('>>> ');
});

describe('the simulator notices when', () => {
  test.each(planted)('$name', { timeout: 60_000 }, async ({ plant, promises }) => {
    expect(await firstFailing(promises, plant(product))).toBeDefined();
  });
});

async function firstFailing(promises: readonly string[], faulty: typeof product) {
  for (const seed of seeds) {
    const scenario = generate(seed);
    const { violations } = await run(scenario, faulty);
    if (violations.some(({ promise }) => promises.includes(promise))) return scenario;
  }
  throw new Error(`none of ${promises.join(', ')} was seen to be broken`);
}
