/** Bugs to plant in the product, each breaking a promise in a way that the checkers must notice. */
import { readMessage } from './message.ts';
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
          sendRefusal: (bytes, now) => client.sendRefusal(bytes, now),
          get stateName() {
            return client.stateName;
          },
        };
      },
    }),
  },
  {
    name: 'every fifth message is dropped after it was acknowledged',
    promises: ['C-60', 'C-62'],
    plant: withClient(() => {
      let messages = 0;
      return (outputs) =>
        outputs.filter((output) => {
          if (tells(output, 'message')) messages += 1;
          return !tells(output, 'message') || messages % 5 !== 0;
        });
    }),
  },
  {
    name: 'the newest message is told again after a resume',
    promises: ['C-60'],
    plant: withClient(() => {
      let newest: ClientOutput[] = [];
      return (outputs, input) => {
        const again = isWelcome(input) ? newest : [];
        newest = outputs
          .filter((output) => tells(output, 'message'))
          .slice(-1)
          .concat(newest)
          .slice(0, 1);
        return [...outputs, ...again];
      };
    }),
  },
  {
    name: 'the first two messages after a resume change places',
    promises: ['C-60', 'C-62'],
    plant: withClient(() => {
      let held: ClientOutput | 'the next' | null = null;
      return (outputs, input) => {
        if (isWelcome(input)) held ??= 'the next';
        return outputs.flatMap((output) => {
          if (!tells(output, 'message') || held === null) return [output];
          const before: ClientOutput | 'the next' = held;
          held = before === 'the next' ? output : null;
          return before === 'the next' ? [] : [output, before];
        });
      };
    }),
  },
  {
    name: 'a gap is reported one too small',
    promises: ['C-62'],
    plant: withClient(
      () => (outputs) =>
        outputs.map((output) => {
          if (output.type !== 'notice' || output.notice.type !== 'gap' || output.notice.missed < 2)
            return output;
          const { missed, to } = output.notice;
          return { type: 'notice', notice: { ...output.notice, missed: missed - 1, to: to - 1 } };
        }),
    ),
  },
  {
    name: 'a gap is not reported',
    promises: ['C-62', 'C-60'],
    plant: withClient(() => (outputs) => outputs.filter((output) => !tells(output, 'gap'))),
  },
  {
    name: 'a gap is reported where nothing was missed',
    promises: ['C-62'],
    plant: withClient(() => {
      let uid = 0;
      return (outputs, input) => {
        for (const output of outputs) if (tells(output, 'message')) uid = heard(output).uid;
        if (!isWelcome(input) || uid === 0) return outputs;
        const missed = { uid, account: '', stream: 1, missed: 1, from: 1, to: 1, reason: 'history' } as const;
        return [...outputs, { type: 'notice', notice: { type: 'gap', ...missed } }];
      };
    }),
  },
  {
    name: "a restarted sender's first messages are taken for repeats",
    promises: ['C-62', 'C-60', 'C-35'],
    plant: withClient(() => {
      const newest = new Map<string, number>();
      return (outputs, input) => {
        const repeats = repeatsIn(input, newest);
        return outputs.filter((output) => !tells(output, 'message') || !repeats.has(nameOf(output)));
      };
    }),
  },
  {
    name: 'a newcomer is given the history',
    promises: ['C-35'],
    plant: (product) => {
      let history: ClientOutput[] = [];
      const changed = withClient(() => (outputs) => {
        const before = outputs.some((output) => tells(output, 'joined')) ? history.slice(-3) : [];
        history.push(...outputs.filter((output) => tells(output, 'message')));
        return [...outputs, ...before];
      })(product);
      const openStore: Product['openStore'] = (setup) => {
        history = [];
        return product.openStore(setup);
      };
      return { ...changed, openStore };
    },
  },
  {
    name: 'what was not acknowledged is not sent again',
    promises: ['C-60', 'C-62'],
    plant: withClient(
      () => (outputs, input) =>
        isWelcome(input)
          ? outputs.filter((output) => output.type !== 'send' || output.frame.type !== 'send')
          : outputs,
    ),
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
        sendRefusal: (bytes, now) => client.sendRefusal(bytes, now),
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

function isWelcome(input: ClientInput): boolean {
  return input.type === 'frame' && input.frame.type === 'welcome';
}

function heard(output: ClientOutput): { uid: number; data: Uint8Array } {
  if (output.type !== 'notice' || output.notice.type !== 'message') throw new Error('no message');
  return output.notice;
}

function nameOf(output: ClientOutput): string {
  return readMessage(heard(output).data);
}

/** Messages that would be repeats if numbers did not belong to the join (C-35). */
function repeatsIn(input: ClientInput, newest: Map<string, number>): Set<string> {
  const repeats = new Set<string>();
  if (input.type !== 'frame' || input.frame.type !== 'entries') return repeats;
  for (const entry of input.frame.entries) {
    if (entry.type !== 'message') continue;
    const { uid, stream, number, data } = entry.message;
    const before = newest.get(`${uid} ${stream}`) ?? 0;
    if (number <= before) repeats.add(readMessage(data));
    newest.set(`${uid} ${stream}`, Math.max(before, number));
  }
  return repeats;
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
