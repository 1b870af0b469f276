/** Every committed input goes through its target: what once found something is taken, and so is what leads far (C-80). */
import { describe, expect, it } from 'vitest';
import { corpusOf } from './corpus.ts';
import { targets } from './targets.ts';

describe.each(targets)('%s takes', (name) => {
  const inputs = corpusOf(name);

  it('what is committed, and it is not nothing', async () => {
    const { fuzz } = (await import(`./targets/${name}.ts`)) as { fuzz(bytes: Uint8Array): unknown };
    expect(inputs.length).toBeGreaterThan(10);
    for (const { bytes } of inputs) await fuzz(bytes);
  });

  it.each(inputs.filter(({ found }) => found !== ''))('what found $found', async ({ bytes }) => {
    const { fuzz } = (await import(`./targets/${name}.ts`)) as { fuzz(bytes: Uint8Array): unknown };
    await fuzz(bytes);
  });
});
