/** What the demo page can do: cut its own network, kill and start servers. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ownPageOnly } from './page.ts';
import { drainServer, serverKilledBy, serverStarted, tabCut, tabHealed } from './story.ts';
import { directions, type TabNetwork, TooManyNetworks } from './tab-networks.ts';
import { type DevWorld, type ServerNumber, serverNumbers } from './world.ts';

export interface ControlOptions {
  readonly world: DevWorld;
  /** Tells the terminal. */
  readonly say: (text: string) => void;
  /** One after the other with what the terminal's keys do. */
  readonly inTurn: <T>(job: () => Promise<T>) => Promise<T>;
}

type WithId = { Params: { id: string } };

export function addControl(http: FastifyInstance, options: ControlOptions): void {
  const { world, say } = options;
  const guarded = { onRequest: ownPageOnly };
  http.get<{ Querystring: { network?: string } }>('/dev/state', guarded, async ({ query }) =>
    stateOf(world, world.tabs.find(query.network ?? '')),
  );
  http.post('/dev/networks', guarded, async (_, reply) => {
    try {
      return reply.code(201).send((await world.tabs.open()).view());
    } catch (error) {
      if (!(error instanceof TooManyNetworks)) throw error;
      return reply.code(429).send({ error: 'too-many', text: error.message });
    }
  });
  http.post<WithId & { Body: { direction?: unknown } | null }>(
    '/dev/networks/:id/cut',
    guarded,
    async ({ params, body }, reply) => {
      const direction = directions.find((each) => each === (body?.direction ?? 'both'));
      if (direction === undefined) return refuse(reply, 400, `direction is one of ${directions.join(', ')}`);
      const tab = world.tabs.find(params.id);
      if (tab === undefined) return refuse(reply, 404, 'There is no such network.');
      tab.cut(direction);
      say(tabCut(tab.id, direction));
      return stateOf(world, tab);
    },
  );
  http.post<WithId>('/dev/networks/:id/heal', guarded, async ({ params }, reply) => {
    const tab = world.tabs.find(params.id);
    if (tab === undefined) return refuse(reply, 404, 'There is no such network.');
    say(tabHealed(tab.id, tab.heal()));
    return stateOf(world, tab);
  });
  http.delete<WithId>('/dev/networks/:id', guarded, async ({ params }, reply) =>
    world.tabs.remove(params.id) ? reply.code(204).send() : refuse(reply, 404, 'There is no such network.'),
  );
  addServerControl(http, options);
}

function addServerControl(http: FastifyInstance, { world, say, inTurn }: ControlOptions): void {
  const guarded = { onRequest: ownPageOnly };
  type Request = { Params: { number: string }; Querystring: { network?: string } };
  const act = (path: string, run: (number: ServerNumber) => Promise<void>) =>
    http.post<Request>(path, guarded, async ({ params, query }, reply) => {
      const number = serverNumbers.find((each) => `${each}` === params.number);
      if (number === undefined) return refuse(reply, 404, 'There is no such server.');
      await inTurn(() => run(number));
      return stateOf(world, world.tabs.find(query.network ?? ''));
    });
  act('/dev/servers/:number/kill', async (number) => {
    if (world.runs(number)) say(await serverKilledBy(world, number));
  });
  act('/dev/servers/:number/drain', async (number) => {
    if (world.runs(number)) drainServer(world, number, say);
  });
  act('/dev/servers/:number/start', async (number) => {
    if (world.runs(number)) return;
    await world.startServer(number);
    say(serverStarted(number, world.ports));
  });
}

/** Everything that the page shows of the servers' side. */
function stateOf(world: DevWorld, tab: TabNetwork | undefined) {
  const { interruptedMs, lostMs, streamRemovedMs, peerOfflineMs } = world.limits;
  return {
    limits: { interruptedMs, lostMs, streamRemovedMs, peerOfflineMs },
    servers: serverNumbers.map((number) => ({ number, running: world.runs(number) })),
    network: tab?.view() ?? null,
  };
}

function refuse(reply: FastifyReply, code: number, text: string): FastifyReply {
  return reply.code(code).send({ error: code === 404 ? 'not-found' : 'bad-request', text });
}
