import { type Product, product } from './product.ts';
import { generate, generateCluster } from './scenario/generate.ts';
import type { Scenario } from './scenario/scenario.ts';

/** Which scenarios are played, and with which product. */
export interface Kind {
  readonly generate: (seed: number) => Scenario;
  readonly product: Product;
}

/** @param cluster several servers over Redis */
export async function kindOf(cluster: boolean): Promise<Kind> {
  if (!cluster) return { generate, product };
  const { clustered } = await import('./cluster.ts');
  return { generate: generateCluster, product: clustered };
}
