import { calmFromMs, type Draft } from './draft.ts';

/** What happens to Redis and the ways to it. Early enough for the limits to have passed again before the end. */
export const storeIncidents = {
  /** One server cannot reach Redis: for less than its lease is good, or for more. */
  serverCut(draft: Draft) {
    const { random } = draft;
    const forMs = random.chance(0.5) ? random.int(50, 1_500) : random.int(1_500, 9_000);
    draft.at(beginning(draft), { type: 'store-cut', servers: [random.pick(draft.servers)], forMs });
  },

  /** Nobody can. */
  away(draft: Draft) {
    const at = beginning(draft);
    const forMs = Math.min(draft.random.int(300, 12_000), calmFromMs - at);
    draft.at(at, { type: 'store-cut', servers: draft.servers, forMs });
  },

  restart(draft: Draft) {
    draft.at(beginning(draft), { type: 'store-restart', downMs: draft.random.int(50, 5_000), kept: true });
  },

  loss(draft: Draft) {
    draft.at(beginning(draft), { type: 'store-restart', downMs: draft.random.int(50, 5_000), kept: false });
  },

  failover(draft: Draft) {
    const { random } = draft;
    const lostMs = random.int(0, 900);
    draft.at(beginning(draft), { type: 'store-failover', lostMs, downMs: random.int(200, 5_000) });
  },
};

export const storeWeights = { serverCut: 4, away: 2, restart: 2, loss: 1, failover: 2 } as const;

function beginning({ random }: Draft): number {
  return random.int(3_500, 28_000);
}
