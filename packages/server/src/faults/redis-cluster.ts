/** A Redis Cluster of one's own, without replicas, whose slots move between its nodes while it is used. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisProcess } from './redis.ts';

const slots = 16_384;
/** How long nodes may take to know each other, in milliseconds. */
const meetingMaxMs = 20_000;

export class RedisCluster {
  readonly nodes: readonly RedisProcess[];

  private constructor(nodes: readonly RedisProcess[]) {
    this.nodes = nodes;
  }

  static async start(count = 3): Promise<RedisCluster> {
    const args = ['--cluster-enabled', 'yes'];
    const nodes = await Promise.all(Array.from({ length: count }, () => RedisProcess.start({ args })));
    for (const [index, node] of nodes.entries()) {
      const from = Math.ceil((index * slots) / count);
      const to = Math.ceil(((index + 1) * slots) / count) - 1;
      await done(node, 'CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to}`);
      // Nodes with one epoch between them must agree on another first, and a slot that moves meanwhile is lost to both.
      await done(node, 'CLUSTER', 'SET-CONFIG-EPOCH', `${index + 1}`);
    }
    for (const node of nodes.slice(1)) await done(node, 'CLUSTER', 'MEET', '127.0.0.1', `${nodes[0]?.port}`);
    const until = performance.now() + meetingMaxMs;
    for (const node of nodes) {
      while (!(await knows(node, count))) {
        if (performance.now() > until) throw new Error('the nodes of a Redis Cluster do not find each other');
        await sleep(20);
      }
    }
    return new RedisCluster(nodes);
  }

  get url(): string {
    return `redis+cluster://127.0.0.1:${this.nodes[0]?.port}`;
  }

  /** The slot of a key, and who has it. */
  async place(key: string): Promise<{ slot: number; owner: RedisProcess }> {
    const [first] = this.nodes;
    const slot = Number((await first?.ask('CLUSTER', 'KEYSLOT', key))?.slice(1));
    for (const owner of this.nodes) {
      const own = (await owner.ask('CLUSTER', 'NODES')).split('\n').find((line) => line.includes('myself'));
      if (own !== undefined && has(own, slot)) return { slot, owner };
    }
    throw new Error(`no node has the slot of ${key}`);
  }

  /**
   * Moves a slot as an operator's tool does, one key after the other. Where both nodes know of the move and some keys
   * have gone, a key answers ASK, and several of which some have gone answer TRYAGAIN; after it MOVED.
   * @param meanwhile is called when the move has begun, when half of the keys have gone, and when all have
   */
  async move(
    slot: number,
    from: RedisProcess,
    to: RedisProcess,
    meanwhile: (stage: 'begun' | 'half' | 'all') => Promise<void> = async () => {},
  ): Promise<void> {
    const text = `${slot}`;
    const [source, target] = [await idOf(from), await idOf(to)];
    await done(to, 'CLUSTER', 'SETSLOT', text, 'IMPORTING', source);
    await done(from, 'CLUSTER', 'SETSLOT', text, 'MIGRATING', target);
    await meanwhile('begun');
    const keys = words(await from.ask('CLUSTER', 'GETKEYSINSLOT', text, '1000'));
    const half = Math.ceil(keys.length / 2);
    await migrate(from, to, keys.slice(0, half));
    await meanwhile('half');
    await migrate(from, to, keys.slice(half));
    await meanwhile('all');
    for (const node of [to, from]) await done(node, 'CLUSTER', 'SETSLOT', text, 'NODE', target);
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
  }
}

async function migrate(from: RedisProcess, to: RedisProcess, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await done(from, 'MIGRATE', '127.0.0.1', `${to.port}`, '', '0', '5000', 'KEYS', ...keys);
}

async function done(node: RedisProcess, ...command: readonly string[]): Promise<void> {
  const answer = await node.ask(...command);
  if (!/^\+(OK|NOKEY)/.test(answer)) throw new Error(`${command.join(' ')}: ${answer}`);
}

/** Does it know all the others, and has a way to each? What is told at a node reaches those only to which it has one. */
async function knows(node: RedisProcess, count: number): Promise<boolean> {
  const info = await node.ask('CLUSTER', 'INFO');
  if (!info.includes('cluster_state:ok') || !info.includes(`cluster_size:${count}`)) return false;
  const nodes = (await node.ask('CLUSTER', 'NODES'))
    .split('\n')
    .filter((line) => /^\$?[0-9a-f]{40} /.test(line));
  return nodes.length === count && nodes.every((line) => / connected( |\r?$)/.test(line));
}

async function idOf(node: RedisProcess): Promise<string> {
  return words(await node.ask('CLUSTER', 'MYID'))[0] ?? '';
}

/** Does this line of CLUSTER NODES name the slot? What is on the move stands in brackets. */
function has(line: string, slot: number): boolean {
  const ranges = line.trim().split(' ').slice(8);
  return ranges.some((range) => {
    const [from = '', to = from] = range.split('-');
    return !range.startsWith('[') && Number(from) <= slot && slot <= Number(to);
  });
}

/** The words of an answer in Redis' own format. */
function words(answer: string): string[] {
  return answer.split('\r\n').filter((line) => line !== '' && !/^[*$]/.test(line));
}
