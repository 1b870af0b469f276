/** Bugs to plant in the product, each breaking a promise in a way that the checkers must notice. */
import type { ClientInput, ClientOutput, Product, ProductClient } from './product.ts';
import type { RunLimits } from './trace.ts';

export interface Planted {
  /** What is wrong, in plain words. */
  readonly name: string;
  /** At least one of these is reported as broken. */
  readonly promises: readonly string[];
  readonly plant: (product: Product) => Product;
}

export const planted: readonly Planted[] = [
  {
    name: 'the client says interrupted 50 ms early',
    promises: ['C-2', 'C-10', 'C-11'],
    plant: (product) => ({
      ...product,
      openClient: (setup, random) =>
        product.openClient({ ...setup, limits: { interruptedMs: 3_950, ...setup.limits } }, random),
    }),
  },
  {
    name: 'native observers are told of an offline 50 ms early',
    promises: ['C-2', 'C-20', 'C-58'],
    plant: withServerLimits({ peerOfflineMs: 19_950 }),
  },
  {
    name: 'native observers are told of an offline 300 ms late',
    promises: ['C-2', 'C-20', 'C-58'],
    plant: withServerLimits({ peerOfflineMs: 20_300 }),
  },
  {
    name: 'web observers keep a stream for 20 s',
    promises: ['C-2', 'C-20'],
    plant: withServerLimits({ streamRemovedMs: 20_000 }),
  },
  {
    name: 'a channel is destroyed 100 ms early',
    promises: ['C-34'],
    plant: withServerLimits({ channelDestroyMs: 9_900 }),
  },
  {
    name: 'an observer is told of every newcomer twice',
    promises: ['C-21'],
    plant: withClient(
      () => (outputs) =>
        outputs.flatMap((output) => (tells(output, 'peer-joined') ? [output, output] : [output])),
    ),
  },
  {
    name: 'a return is told twice',
    promises: ['C-11'],
    plant: withClient(
      () => (outputs) =>
        outputs.flatMap((output) => (tells(output, 'rejoined') ? [output, output] : [output])),
    ),
  },
  {
    name: 'a return is not told',
    promises: ['C-11'],
    plant: withClient(() => (outputs) => outputs.filter((output) => !tells(output, 'rejoined'))),
  },
  {
    name: 'a resume forgets who went offline meanwhile',
    promises: ['C-22', 'C-21', 'C-20'],
    plant: withClient(() => {
      let welcomes = 0;
      return (outputs, input) => {
        if (input.type !== 'frame' || input.frame.type !== 'welcome') return outputs;
        welcomes += 1;
        return welcomes === 1 ? outputs : outputs.filter((output) => !tells(output, 'peer-offline'));
      };
    }),
  },
  {
    name: 'a takeover announces an offline',
    promises: ['C-30', 'C-40', 'C-21', 'C-20'],
    plant: withClient(() => {
      const joins = new Map<number, number>();
      return (outputs, input) => [...outputs, ...takeovers(input, joins)];
    }),
  },
  {
    name: 'a timer is left after the leave',
    promises: ['C-14'],
    plant: (product) => ({
      ...product,
      openClient: (setup, random) => {
        const client = product.openClient(setup, random);
        let at = 0;
        return {
          handle: (input, now) => {
            at = now + 1_000;
            return client.handle(input, now);
          },
          deadline: () => client.deadline() ?? { at, why: 'left behind' },
          get stateName() {
            return client.stateName;
          },
        };
      },
    }),
  },
];

type Change = (outputs: readonly ClientOutput[], input: ClientInput) => readonly ClientOutput[];

/** Changes what comes out of every client. */
function withClient(makeChange: () => Change): (product: Product) => Product {
  return (product) => ({
    ...product,
    openClient: (setup, random) => {
      const client = product.openClient(setup, random);
      const change = makeChange();
      return {
        handle: (input, now) => [...change(client.handle(input, now), input)],
        deadline: () => client.deadline(),
        get stateName() {
          return client.stateName;
        },
      } satisfies ProductClient;
    },
  });
}

/** Servers that run with other limits than the run says. */
function withServerLimits(limits: Partial<RunLimits>): (product: Product) => Product {
  return (product) => ({
    ...product,
    openServer: (store, setup) =>
      product.openServer(store, { ...setup, limits: { ...setup.limits, ...limits } }),
  });
}

function tells(output: ClientOutput, notice: string): boolean {
  return output.type === 'notice' && output.notice.type === notice;
}

/** An offline and a return for every member whose join number has changed. */
function takeovers(input: ClientInput, joins: Map<number, number>): ClientOutput[] {
  if (input.type !== 'frame') return [];
  const { frame } = input;
  if (frame.type !== 'entries' && frame.type !== 'welcome') return [];
  const members =
    frame.type === 'welcome'
      ? frame.members
      : frame.entries.flatMap((entry) => (entry.type === 'member' ? [entry.member] : []));
  const outputs: ClientOutput[] = [];
  for (const member of members) {
    const before = joins.get(member.uid);
    joins.set(member.uid, member.join);
    if (before === undefined || before === member.join || frame.type === 'welcome') continue;
    const elapsedMs = 0;
    outputs.push(
      { type: 'notice', notice: { type: 'peer-offline', member, reason: 'dropped', elapsedMs } },
      { type: 'notice', notice: { type: 'peer-joined', member, elapsedMs } },
    );
  }
  return outputs;
}
