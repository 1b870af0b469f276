import { setTimeout as sleep } from 'node:timers/promises';
import type { Direction } from '@holdfast/server/faults';
import { PageUser } from './chromium/page-user.ts';
import { type Call, type Dialect, dialectOf, statistics } from './dialects.ts';
import { heard, showSaid } from './judge.ts';
import type { PacketLog } from './packets.ts';
import { joiningOf, type Person, type Role } from './people.ts';
import type { ChannelView, ServerProcess } from './processes.ts';
import type { Row } from './rows.ts';
import type { Joining, Said, User } from './users.ts';
import { openWay, type Way } from './way.ts';

export type { Person, Role } from './people.ts';

/** Where the people of a row come from. */
export interface Casting {
  /** Makes somebody join. `mayBeHarmed`: it is killed or stopped in this row, so it shares its process with nobody. */
  user(joining: Joining, row: Row, mayBeHarmed: boolean): Promise<User>;
}

/** What was recorded of a row. Times are in ms since the epoch. */
export interface History {
  readonly beganAt: number;
  readonly endedAt: number;
  readonly deeds: Scene['deeds'];
  /** The packets of each network, from shortly before the row began. */
  readonly links: readonly {
    readonly roles: readonly Role[];
    readonly up: readonly number[];
    readonly down: readonly number[];
  }[];
  /** `ended` is there for whose process ended while the row played. */
  readonly people: readonly (Pick<Person, 'role' | 'uid' | 'platform'> & {
    readonly heard: readonly Said[];
    /** When each of its outages ended, where that is known. */
    readonly outageEnds: readonly number[];
    readonly ended?: { readonly at: number; readonly how: string };
  })[];
}

/** One row while it plays: its people, what was done to them and when. */
export class Scene {
  readonly channel: string;
  readonly server: ServerProcess;
  readonly #row: Row;
  readonly #casting: Casting;
  readonly #ways: Way[] = [];
  readonly #people = new Map<Role, Person>();
  readonly #heardBefore = new Map<Role, number>();
  readonly #marks = new Map<string, number>();
  readonly deeds: { readonly at: number; readonly text: string }[] = [];
  beganAt = Date.now();
  endedAt = 0;

  constructor(channel: string, server: ServerProcess, row: Row, casting: Casting) {
    this.channel = channel;
    this.server = server;
    this.#row = row;
    this.#casting = casting;
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

  /** Lets somebody join behind a lit network, by default its own, and waits until it is in and has published. */
  async enter(role: Role, through?: Person): Promise<Person> {
    const started = await this.start(role, through);
    const person = started.uid === 0 ? await this.#assigned(started) : started;
    const dialect = this.dialect(role);
    const joined = last([...dialect.joined(), ...(person.publishes ? dialect.published() : [])]);
    await person.process.until(`${role} joins`, (said) => heard(joined, said), 15_000);
    return person;
  }

  /** Lets somebody join without waiting for it. Its network is dark from the start if `dark`. */
  async start(role: Role, through?: Person, dark = false): Promise<Person> {
    const { network, packets, ports } = through ?? (await this.#openWay(role));
    if (dark) network.cut();
    const joining = joiningOf(this.#row, role, this.channel, ports);
    const { platform, uid } = joining;
    this.did(`start ${role} (${platform}, uid ${uid})`);
    const process = await this.#casting.user(
      joining,
      this.#row,
      this.#row.situation.harms?.includes(role) ?? false,
    );
    const isAnnounced = joining.profile !== 'live' || joining.liveRole === 'host';
    const person: Person = { ...joining, role, isAnnounced, network, packets, process };
    this.#people.set(role, person);
    return person;
  }

  /** Waits for the uid that the server gives to somebody who asked for one. */
  async #assigned(person: Person): Promise<Person> {
    const { callback } = last(this.dialect(person.role).joined());
    const what = `${person.role} is given a uid`;
    const { args } = await person.process.until(what, (said) => said.callback === callback, 15_000);
    const uid = args.flatMap((arg) => (arg as { localUid?: number }).localUid ?? arg).find(isUid) ?? 0;
    const known: Person = { ...person, uid };
    this.#people.set(person.role, known);
    this.did(`${person.role} has the uid ${uid}`);
    return known;
  }

  async #openWay(role: Role): Promise<Way> {
    const { network: kind, knowsDeadServer } = this.#row.situation.parts?.[role] ?? {};
    const way = await openWay(this.server.port, { kind, knowsDeadServer });
    this.#ways.push(way);
    return way;
  }

  /** Waits until everybody has been told of everybody else; what is heard afterwards belongs to the row. */
  async begin(): Promise<void> {
    for (const one of this.people)
      for (const other of this.people.filter((each) => each !== one && each.isAnnounced)) {
        const appeared = last(this.dialect(one.role).appeared(other));
        const what = `${one.role} is told of ${other.role} (C-23)`;
        await one.process.until(what, (said) => heard(appeared, said), 5_000);
      }
    await this.lagMs();
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

  /** SIGKILL, or another signal, at once: of who is silent already. */
  killNow(role: Role, signal: NodeJS.Signals = 'SIGKILL'): void {
    this.mark('killed', this.person(role).process.kill(signal), `${signal} to ${role}`);
  }

  leave(role: Role): void {
    this.tell(role, 'leave', 'left');
  }

  /** Gives a command, as typed to `holdfast join`. */
  tell(role: Role, command: string, mark = command): void {
    this.mark(mark, this.person(role).process.tell(command), `${role}: ${command}`);
  }

  /** Somebody's page, in rows where users of the web have one. */
  page(role: Role): PageUser {
    const { process } = this.person(role);
    if (process instanceof PageUser) return process;
    throw new Error(`${role} is not a page of a browser`);
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

  /** The operator removes somebody by the server's REST API. */
  async remove(how: 'ban' | 'kick' | 'close', target: object): Promise<void> {
    this.mark('removed', await this.server.ask(how, { appId: 'demo', ...target }), `operator: ${how}`);
  }

  /** The longest time (ms) in this row without a packet from (`up`) or to (`down`) somebody. */
  silence(role: Role, direction: Direction): number {
    return this.person(role).packets.longestSilence(direction, this.beganAt, this.endedAt || Date.now());
  }

  /** How late the pages of this row were since the last call, in ms. */
  async lagMs(): Promise<number> {
    return Math.max(0, ...(await Promise.all(this.people.map(({ process }) => process.lagMs()))));
  }

  close(): void {
    for (const { process } of this.people) process.end();
    for (const way of this.#ways) way.close();
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

  /** What was done, delivered and heard, for drawings. */
  history(): History {
    const { beganAt, endedAt, deeds, people } = this;
    const links = [...new Set(people.map(({ packets }) => packets))].map((packets) => ({
      roles: people.filter((person) => person.packets === packets).map(({ role }) => role),
      up: packets.between('up', beganAt - 3_000, endedAt),
      down: packets.between('down', beganAt - 3_000, endedAt),
    }));
    const told = people.map(
      ({ role, uid, platform, process: { exitedAt: at, diagnostics, outageEnds } }) => ({
        ...{ role, uid, platform, heard: this.heardBy(role), outageEnds },
        ...(at !== undefined && at <= endedAt && { ended: { at, how: diagnostics.at(-1) ?? 'ended' } }),
      }),
    );
    return { beganAt, endedAt, deeds, links, people: told };
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

function isUid(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}

function last(calls: readonly Call[]): Call {
  const call = calls.at(-1);
  if (!call) throw new Error('this dialect has no callback for it');
  return call;
}
