import type { Product } from './product.ts';
import { run } from './run.ts';
import type { Action, Scenario } from './scenario/scenario.ts';

/** Makes a failing scenario smaller while it breaks one of the same promises; stops after `budgetMs`. */
export async function shrink(
  scenario: Scenario,
  product: Product,
  promises: ReadonlySet<string>,
  budgetMs: number,
): Promise<Scenario> {
  const until = performance.now() + budgetMs;
  let best = scenario;
  const tryOut = async (smaller: Scenario): Promise<boolean> => {
    if (performance.now() > until) return false;
    const { violations } = await run(smaller, product);
    const fails = violations.some(({ promise }) => promises.has(promise));
    if (fails) best = smaller;
    return fails;
  };
  for (let before = ''; before !== JSON.stringify(best) && performance.now() < until; ) {
    before = JSON.stringify(best);
    await dropActions(() => best, tryOut);
    for (const { name } of best.devices) await tryOut(withoutDevice(best, name));
    for (const simpler of simplifications) await tryOut({ ...best, ...simpler(best) });
    await simplifyActions(() => best, tryOut);
  }
  return best;
}

type TryOut = (smaller: Scenario) => Promise<boolean>;

/** Leaves out runs of actions, long ones first. */
async function dropActions(best: () => Scenario, tryOut: TryOut): Promise<void> {
  for (
    let size = Math.ceil(best().actions.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < best().actions.length; ) {
      const { actions } = best();
      const kept = [...actions.slice(0, from), ...actions.slice(from + size)];
      if (!(await tryOut({ ...best(), actions: kept }))) from += size;
    }
  }
}

function withoutDevice(scenario: Scenario, name: string): Scenario {
  const devices = scenario.devices.filter((device) => device.name !== name);
  const actions = scenario.actions.flatMap((action): Action[] => {
    if ('device' in action && action.device === name) return [];
    if ('process' in action && action.process === name) return [];
    if (action.type !== 'outage') return [action];
    const left = action.devices.filter((device) => device !== name);
    return left.length === 0 ? [] : [{ ...action, devices: left }];
  });
  return { ...scenario, devices, actions };
}

const simplifications: ((scenario: Scenario) => Partial<Scenario>)[] = [
  () => ({ lags: false }),
  () => ({ limits: {} }),
  ({ servers, store }) => (store === 'redis' ? {} : { servers: servers.slice(0, 1), store: 'process' }),
  ({ devices }) => ({ devices: devices.map((device) => ({ ...device, quality: near })) }),
  ({ devices }) => ({
    devices: devices.map(({ quality, ...device }) => ({ ...device, quality: { ...quality, loss: 0 } })),
  }),
  ({ devices }) => ({
    devices: devices.map(({ quality, ...device }) => ({ ...device, quality: { ...quality, jitterMs: 0 } })),
  }),
];

const near = { delayMs: 10, jitterMs: 0, loss: 0 };

/** Rounder times, fewer devices in an outage. */
async function simplifyActions(best: () => Scenario, tryOut: TryOut): Promise<void> {
  for (let index = 0; index < best().actions.length; index += 1) {
    for (const simpler of simplerActions(best().actions[index])) {
      const actions = best().actions.with(index, simpler);
      if (await tryOut({ ...best(), actions })) break;
    }
  }
}

function simplerActions(action: Action | undefined): Action[] {
  if (action === undefined) return [];
  const simpler: Action[] = [];
  for (const unit of [5_000, 1_000, 500, 100]) {
    const at = Math.round(action.at / unit) * unit;
    if (at !== action.at) simpler.push({ ...action, at });
    if (!('forMs' in action)) continue;
    const forMs = Math.round(action.forMs / unit) * unit;
    if (forMs !== action.forMs && forMs > 0) simpler.push({ ...action, forMs });
  }
  if (action.type === 'outage' && action.devices.length > 1) {
    for (const name of action.devices) simpler.push({ ...action, devices: [name] });
  }
  return simpler;
}
