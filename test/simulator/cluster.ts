/** The product over Redis as the simulator sees it: the real store and its real scripts, over a simulated Redis. */
import { bounds } from '@holdfast/core';
import { type Link, type LinkListener, RedisStore } from '@holdfast/server/internals';
import { type Product, product, withDefaults } from './product.ts';

export {
  type Argument,
  type Link,
  type LinkListener,
  type Reply,
  type Script,
  StoreUnavailable,
} from '@holdfast/server/internals';

export const clustered: Product = {
  ...product,
  openStore: ({ random, limits, history }) => ({
    seat: ({ door, note }) =>
      new RedisStore({
        place: { kind: 'single', nodes: [], tls: false, db: 0 },
        prefix: 'simulated',
        link: (listener: LinkListener): Link => door(listener) as Link,
        random,
        limits: withDefaults(limits),
        history,
        channelUsers: bounds.channelUsers,
        report: (trouble) => note(() => `store: ${JSON.stringify(trouble, errorText)}`),
      }),
    serverGone: () => undefined,
  }),
};

function errorText(_: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  throw value;
}
