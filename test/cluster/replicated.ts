/** A Redis with a replica and a Sentinel, which makes the replica the master when the master is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createNetwork, type Network, RedisProcess } from '@holdfast/server/faults';

/** A master that has not answered the Sentinel for so long is gone, in milliseconds. */
const downMs = 500;
/** How long a replica may take to become one, or the master, in milliseconds. */
const withinMs = 20_000;

export class ReplicatedRedis {
  readonly #master: RedisProcess;
  readonly #replica: RedisProcess;
  readonly #sentinel: RedisProcess;
  /** Between the master and its replica. */
  readonly #link: Network;

  private constructor(master: RedisProcess, replica: RedisProcess, sentinel: RedisProcess, link: Network) {
    this.#master = master;
    this.#replica = replica;
    this.#sentinel = sentinel;
    this.#link = link;
  }

  static async start(args: readonly string[] = []): Promise<ReplicatedRedis> {
    const master = await RedisProcess.start({ args });
    const link = await createNetwork();
    const port = await link.route({ targetPort: master.port });
    const replica = await RedisProcess.start({ args: [...args, '--replicaof', '127.0.0.1', `${port}`] });
    const sentinel = await RedisProcess.start({
      sentinel: [
        `sentinel monitor truth 127.0.0.1 ${master.port} 1`,
        `sentinel down-after-milliseconds truth ${downMs}`,
        'sentinel failover-timeout truth 5000',
      ].join('\n'),
    });
    const replicated = new ReplicatedRedis(master, replica, sentinel, link);
    await comes(replica, 'INFO replication', /master_link_status:up/);
    await comes(sentinel, 'SENTINEL master truth', /num-slaves\r\n\$1\r\n1/);
    return replicated;
  }

  get url(): string {
    return `redis+sentinel://127.0.0.1:${this.#sentinel.port}/truth`;
  }

  get pids(): readonly (number | undefined)[] {
    return [this.#master, this.#replica, this.#sentinel].map(({ pid }) => pid);
  }

  /** From here on the replica hears nothing of what is written. */
  part(): void {
    this.#link.cut();
  }

  /** The master dies; resolves when the replica is the master, without what it has not heard. */
  async failOver(): Promise<void> {
    await this.#master.kill();
    this.#link.reset();
    await comes(this.#replica, 'INFO replication', /role:master/);
  }

  async close(): Promise<void> {
    this.#link.close();
    for (const each of [this.#sentinel, this.#replica, this.#master]) await each.close();
  }
}

async function comes(redis: RedisProcess, command: string, wanted: RegExp): Promise<void> {
  const until = performance.now() + withinMs;
  for (;;) {
    if (wanted.test(await redis.ask(...command.split(' ')))) return;
    if (performance.now() > until) throw new Error(`a Redis does not come to say ${wanted} to ${command}`);
    await sleep(50);
  }
}
