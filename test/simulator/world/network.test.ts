import { beforeEach, describe, expect, test } from 'vitest';
import { Random } from '../random.ts';
import type { Connection, Ear, Listener } from './connection.ts';
import { Network } from './network.ts';
import { type Cut, Path } from './path.ts';
import { Process } from './process.ts';
import { Timeline } from './timeline.ts';

const everything: Cut = { up: true, down: true, stuck: false, server: null };

describe('a connection', () => {
  test('opens after two round trips', async () => {
    const client = dial();
    await timeline.run(1_000, never);
    expect(client.heard).toEqual([[200, 'opened']]);
  });

  test('delivers in order, one way delay later, however the way jitters', async () => {
    path.quality = { delayMs: 50, jitterMs: 40, loss: 0 };
    const client = dial();
    for (let number = 0; number < 50; number += 1) {
      timeline.at(1_000 + 3 * number, () => client.connection?.sendUp(bytes(number), false));
    }
    await timeline.run(3_000, never);
    expect(server.numbers()).toEqual(Array.from({ length: 50 }, (_, number) => number));
    expect(server.firstAt()).toBeGreaterThanOrEqual(1_050);
    expect(server.firstAt()).toBeLessThanOrEqual(1_090);
  });

  test('delivers everything in order over a way that loses a third', async () => {
    path.quality = { delayMs: 50, jitterMs: 0, loss: 0.33 };
    const client = dial();
    for (let number = 0; number < 50; number += 1) {
      timeline.at(20_000 + 100 * number, () => client.connection?.sendUp(bytes(number), false));
    }
    await timeline.run(120_000, never);
    expect(server.numbers()).toEqual(Array.from({ length: 50 }, (_, number) => number));
  });

  test('holds what is sent during a cut, and delivers it at the first retransmission after it', async () => {
    const client = dial();
    let heal = () => {};
    timeline.at(900, () => {
      heal = path.cut(everything);
    });
    timeline.at(1_000, () => client.connection?.sendUp(bytes(1), false));
    timeline.at(1_500, () => client.connection?.sendUp(bytes(2), false));
    timeline.at(5_000, () => heal());
    await timeline.run(20_000, never);
    // Retransmissions 300, 900, 2100, 4500 ms after the first try.
    expect(server.heard.slice(-2)).toEqual([
      [5_550, 'message 1'],
      [5_550, 'message 2'],
    ]);
  });

  test('a new dial after a cut goes through at once; one from during it waits for its repetition', async () => {
    const heal = path.cut(everything);
    const early = dial();
    timeline.at(3_500, () => heal());
    let late: Client | undefined;
    timeline.at(3_600, () => {
      late = dial();
    });
    await timeline.run(10_000, never);
    expect(late?.heard).toEqual([[3_800, 'opened']]);
    expect(early.heard).toEqual([[7_200, 'opened']]);
  });

  test('one way cut: a packet still comes the other way, then missing acknowledgements stop it', async () => {
    dial();
    timeline.at(1_000, () => path.cut({ ...everything, down: false }));
    for (let number = 0; number < 4; number += 1) {
      timeline.at(2_000 + 1_000 * number, () => server.connection?.sendDown(bytes(number)));
    }
    await timeline.run(10_000, never);
    expect(clients[0]?.numbers()).toEqual([0]);
  });

  test('one way stuck in the middle: the other way flows on', async () => {
    dial();
    timeline.at(1_000, () => path.cut({ ...everything, down: false, stuck: true }));
    for (let number = 0; number < 4; number += 1) {
      timeline.at(2_000 + 1_000 * number, () => server.connection?.sendDown(bytes(number)));
    }
    await timeline.run(10_000, never);
    expect(clients[0]?.numbers()).toEqual([0, 1, 2, 3]);
  });

  test('a close travels behind what was sent before it', async () => {
    const client = dial();
    timeline.at(1_000, () => {
      client.connection?.sendUp(bytes(7), false);
      client.connection?.closeByClient(1000);
    });
    await timeline.run(10_000, never);
    expect(server.heard).toEqual([
      [150, 'opened'],
      [1_050, 'message 7'],
      [1_050, 'closed 1000'],
    ]);
    expect(client.heard).toEqual([[200, 'opened']]);
  });

  test('a reset is seen at both ends', async () => {
    const client = dial();
    timeline.at(1_000, () => network.reset(client));
    await timeline.run(2_000, never);
    expect(client.heard.at(-1)).toEqual([1_050, 'closed 1006']);
    expect(server.heard.at(-1)).toEqual([1_050, 'closed 1006']);
  });
});

describe('a killed process', () => {
  test('its kernel says so to the other end', async () => {
    const client = dial();
    timeline.at(1_000, () => server.kill());
    timeline.at(1_000, () => network.killed(server));
    await timeline.run(2_000, never);
    expect(client.heard.at(-1)).toEqual([1_050, 'closed 1006']);
  });

  test('behind a cut nothing is seen of it until packets pass again', async () => {
    const client = dial();
    const heals: (() => void)[] = [];
    timeline.at(900, () => heals.push(path.cut(everything)));
    timeline.at(1_000, () => server.kill());
    timeline.at(1_000, () => network.killed(server));
    timeline.at(5_000, () => heals[0]?.());
    await timeline.run(20_000, never);
    expect(client.heard.at(-1)).toEqual([5_550, 'closed 1006']);
  });

  test('a dial to it is refused after a round trip', async () => {
    server.kill();
    const client = dial();
    await timeline.run(2_000, never);
    expect(client.heard).toEqual([[100, 'closed 1006']]);
  });

  test('of a client: what it had sent arrives, then its end', async () => {
    const client = dial();
    timeline.at(1_000, () => {
      client.connection?.sendUp(bytes(3), false);
      client.kill();
      network.killed(client);
    });
    await timeline.run(2_000, never);
    expect(server.heard.slice(-2)).toEqual([
      [1_050, 'message 3'],
      [1_050, 'closed 1006'],
    ]);
  });
});

describe('a frozen process', () => {
  test('its kernel takes what arrives; it is read at the thaw, before any timer', async () => {
    const client = dial();
    timeline.at(1_000, () => server.freeze());
    timeline.at(1_500, () => client.connection?.sendUp(bytes(1), false));
    server.wakeAt(2_000);
    timeline.at(4_000, () => server.thaw());
    await timeline.run(4_500, never);
    expect(server.heard.slice(1)).toEqual([
      [4_000, 'message 1'],
      [4_000, 'stalled 3000'],
    ]);
    expect(server.arrivals).toEqual([1_550]);
  });

  test('TCP opens to it, the WebSocket does not', async () => {
    server.freeze();
    const client = dial();
    timeline.at(3_000, () => server.thaw());
    await timeline.run(5_000, never);
    expect(client.heard).toEqual([[3_050, 'opened']]);
  });

  test('a stall is not running time; a short one is', async () => {
    timeline.at(1_000, () => server.freeze());
    timeline.at(1_400, () => server.thaw());
    timeline.at(2_000, () => server.freeze());
    timeline.at(2_900, () => server.thaw());
    server.wakeAt(3_500);
    await timeline.run(10_000, never);
    expect(server.heard).toEqual([
      [2_900, 'stalled 900'],
      [4_400, 'timer 3500'],
    ]);
  });
});

// ---- two processes that write down what they hear -----------------------------------------------

let timeline: Timeline;
let network: Network;
let path: Path;
let server: Server;
let clients: Client[];

beforeEach(() => {
  timeline = new Timeline();
  network = new Network(timeline);
  path = new Path({ delayMs: 50, jitterMs: 0, loss: 0 }, Random.of(1, 'path'));
  server = new Server('server', timeline);
  network.listen('server', server);
  clients = [];
});

const never = () => false;

function dial(): Client {
  const client = new Client(`client ${clients.length}`, timeline);
  clients.push(client);
  client.connection = network.dial(client, client, { name: 'c', path, server: 'server' });
  return client;
}

function bytes(number: number): Uint8Array {
  return Uint8Array.of(number);
}

abstract class Witness extends Process implements Ear {
  readonly heard: [number, string][] = [];
  readonly arrivals: number[] = [];
  connection: Connection | null = null;
  #wakeAt: number | null = null;

  wakeAt(time: number): void {
    this.#wakeAt = time;
    this.settle();
  }

  numbers(): number[] {
    return this.heard.flatMap(([, what]) => (what.startsWith('message ') ? [Number(what.slice(8))] : []));
  }

  message(received: Uint8Array, _goodbye: boolean, arrived: number): void {
    this.arrivals.push(arrived);
    this.hear(`message ${received[0]}`);
  }

  closed(code: number): void {
    this.hear(`closed ${code}`);
  }

  protected hear(what: string): void {
    this.heard.push([this.timeline.now, what]);
  }

  protected stalled(ms: number): void {
    this.hear(`stalled ${ms}`);
  }

  protected deadline(): number | null {
    return this.#wakeAt;
  }

  protected deadlineCame(): void {
    this.#wakeAt = null;
    this.hear(`timer ${this.now()}`);
  }

  protected crashed(error: unknown): void {
    throw error;
  }
}

class Client extends Witness {
  opened(): void {
    this.hear('opened');
  }
}

class Server extends Witness implements Listener {
  accept(connection: Connection): Ear {
    this.connection = connection;
    this.hear('opened');
    return this;
  }

  firstAt(): number | undefined {
    return this.heard.find(([, what]) => what.startsWith('message'))?.[0];
  }
}
