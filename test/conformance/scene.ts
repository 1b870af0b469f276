import { setTimeout as sleep } from 'node:timers/promises';
import { createNetwork, type Direction, type Network } from '@holdfast/server/faults';
import { type Call, type Dialect, dialectOf, type Platform, statistics } from './dialects.ts';
import { heard, showSaid } from './judge.ts';
import { PacketLog } from './packets.ts';
import { type ChannelView, type Said, type ServerProcess, UserProcess } from './processes.ts';

/**
 * Who takes part. A is the one in trouble, B the observer, C a newcomer, A2 another process with A's uid.
 * What A2 does, A's user does.
 */
export type Role = 'A' | 'A2' | 'B' | 'C';

const uids: Record<Role, number> = { A: 11, A2: 11, B: 22, C: 33 };

/** A user: a process behind a network of its own. */
export interface Person {
  readonly role: Role;
  readonly uid: number;
  readonly platform: Platform;
  readonly channel: string;
  readonly network: Network;
  readonly packets: PacketLog;
  readonly process: UserProcess;
}

/** One row while it plays: its people, what was done to them and when. */
export class Scene {
  readonly channel: string;
  readonly server: ServerProcess;
  readonly #platforms: { readonly a: Platform; readonly b: Platform };
  readonly #people = new Map<Role, Person>();
  readonly #heardBefore = new Map<Role, number>();
  readonly #marks = new Map<string, number>();
  readonly deeds: { readonly at: number; readonly text: string }[] = [];
  beganAt = Date.now();
  endedAt = 0;

  constructor(channel: string, server: ServerProcess, platforms: { a: Platform; b: Platform }) {
    this.channel = channel;
    this.server = server;
    this.#platforms = platforms;
  }

  get people(): readonly Person[] {
    return [...this.#people.values()];
  }

  person(role: Role): Person {
    const person = this.#people.get(role);
    if (!person) throw new Error(`${role} does not take part`);
    return person;
  }

  dialect(role: Role): Dialect {
    const { platform, channel, uid } = this.person(role);
    return dialectOf(platform, { channel, uid });
  }

  /** Starts a process for a role behind a lit network, by default its own, and waits until it has joined. */
  async enter(role: Role, through?: Person): Promise<Person> {
    const person = await this.start(role, through);
    const joined = last(this.dialect(role).joined());
    await person.process.until(`${role} joins`, (said) => heard(joined, said), 15_000);
    return person;
  }

  /** Starts a process for a role without waiting for its join. Its network is dark from the start if `dark`. */
  async start(role: Role, through?: Person, dark = false): Promise<Person> {
    const platform = role === 'A' || role === 'A2' ? this.#platforms.a : this.#platforms.b;
    const network = through?.network ?? (await createNetwork());
    const packets = through?.packets ?? new PacketLog(network);
    const port = through?.process.port ?? (await network.route({ targetPort: this.server.port }));
    if (dark) network.cut();
    const { channel } = this;
    this.did(`start ${role} (${platform}, uid ${uids[role]})`);
    const process = new UserProcess({ channel, port, uid: uids[role], platform });
    const person: Person = { role, uid: uids[role], platform, channel, network, packets, process };
    this.#people.set(role, person);
    return person;
  }

  /** Waits until everybody has been told of everybody else; what is heard afterwards belongs to the row. */
  async begin(): Promise<void> {
    for (const one of this.people)
      for (const other of this.people.filter((each) => each !== one)) {
        const appeared = last(this.dialect(one.role).appeared(other.uid));
        const what = `${one.role} is told of ${other.role} (C-23)`;
        await one.process.until(what, (said) => heard(appeared, said), 5_000);
      }
    for (const { role, process } of this.people) this.#heardBefore.set(role, process.said.length);
    this.beganAt = this.mark('began');
  }

  /** What a person heard since the row began, or since it came later. */
  heardBy(role: Role): readonly Said[] {
    const all = this.person(role).process.said.slice(this.#heardBefore.get(role) ?? 0);
    return all.filter(({ callback }) => !callback.startsWith('$') && !statistics.includes(callback));
  }

  /** Cuts somebody's network just after a packet passed from it to the server. */
  async cut(role: Role, direction?: Direction): Promise<void> {
    const { network, packets } = this.person(role);
    await this.#packet(packets, () => network.cut(direction));
    this.mark('cut', undefined, `cut the network of ${role}${direction ? ` (only ${direction})` : ''}`);
  }

  heal(role: Role): void {
    this.mark('healed', this.person(role).network.heal(), `heal the network of ${role}`);
  }

  /** SIGKILL, or another signal, just after a packet passed from the victim to the server. */
  async kill(role: Role, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { process, packets } = this.person(role);
    await this.#packet(packets, () => process.kill(signal));
    this.mark('killed', undefined, `${signal} to ${role}`);
  }

  leave(role: Role): void {
    this.mark('left', this.person(role).process.tell('leave'), `${role} leaves`);
  }

  /** Remembers a moment (ms since epoch) under a name and answers with it. */
  mark(name: string, at = Date.now(), text = name): number {
    this.#marks.set(name, at);
    this.did(text, at);
    return at;
  }

  marked(name: string): number | undefined {
    return this.#marks.get(name);
  }

  /** Notes a deed for the timeline. */
  did(text: string, at = Date.now()): void {
    if (text) this.deeds.push({ at, text });
  }

  /** Resolves `ms` after a mark. */
  async after(name: string, ms: number): Promise<void> {
    const from = this.#marks.get(name);
    if (from === undefined) throw new Error(`nothing is marked ${name}`);
    await sleep(Math.max(0, from + ms - Date.now()));
  }

  /** This row's channel as the server lists it. */
  async view(): Promise<ChannelView | undefined> {
    return (await this.server.channels()).find(({ channel }) => channel === this.channel);
  }

  /** The longest time (ms) in this row without a packet from (`up`) or to (`down`) somebody. */
  silence(role: Role, direction: Direction): number {
    return this.person(role).packets.longestSilence(direction, this.beganAt, this.endedAt || Date.now());
  }

  close(): void {
    for (const { process, network } of this.people) {
      process.kill();
      network.close();
    }
  }

  /** What was done and what everybody said, in order, in ms since the row began. */
  timeline(): string[] {
    const said = this.people.flatMap(({ role, process }) =>
      process.said.map((each) => ({ at: each.t, text: `${role.padEnd(2)} ${showSaid(each)}` })),
    );
    const ended = this.people.flatMap(({ role, process }) =>
      process.exitedAt
        ? [{ at: process.exitedAt, text: `${role.padEnd(2)} ${process.diagnostics.at(-1)}` }]
        : [],
    );
    return [...this.deeds.map(({ at, text }) => ({ at, text: `** ${text}` })), ...said, ...ended]
      .sort((left, right) => left.at - right.at)
      .map(({ at, text }) => `${`${Math.round(at - this.beganAt)}`.padStart(7)}  ${text}`);
  }

  async #packet(packets: PacketLog, then: () => void): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('no packet within 5 s, a heartbeat is due every 1 s')),
        5_000,
      );
      packets.onNext('up', () => {
        clearTimeout(timer);
        then();
        resolve();
      });
    });
  }
}

function last(calls: readonly Call[]): Call {
  const call = calls.at(-1);
  if (!call) throw new Error('this dialect has no callback for it');
  return call;
}
