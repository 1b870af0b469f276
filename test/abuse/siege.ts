/** A real server, the honest users on it, and rounds in which somebody attacks it. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNetwork, type Network } from '@holdfast/server/faults';
import { Served } from '../bench/served.ts';
import { freePort } from '../conformance/processes.ts';
import { appId, badTokens, certificate, stayOf } from './access.ts';
import type { FromAttacker, ToAttacker } from './attacker-process.ts';
import { ask, Crowd, channelOf, honestUsers, perChannel } from './crowd.ts';
import type { HonestUser } from './honest-process.ts';
import { judgeEdges, lostMessages, type Verdict } from './judge.ts';
import { Witnesses } from './witnesses.ts';

/** Shorter limits than the contract's, so that a round sees every edge; a silent user is silent for `silenceMs`. */
const limits = { streamRemovedMs: 4_000, peerOfflineMs: 6_000, peerLeaveMs: 6_000 };
const silenceMs = 7_000;
/** A round has time for a silence and what follows it. */
export const secondsMin = 8;

/** Low enough that one attacker can send a hundred times as much. */
const bounds = {
  ...{ connectionsPerSecondPerAddress: 20, joinsPerSecondPerAddress: 5, messagesPerSecond: 20 },
  ...{ framesPerSecond: 150, pendingPerAddress: 100, connectionsPerAddress: 2_000 },
};
const [first, ...others] = Array.from({ length: 40 }, (_, index) => `127.0.0.${index + 2}`);
const attackerAddresses: readonly [string, ...string[]] = [first ?? '127.0.0.2', ...others];
/** Attackers' uids: nobody judges what is told of them. */
const foreignUid = 900_000;

/** How long messages may be under way when everybody is hushed. */
const settleMs = 1_500;

export interface Round extends Verdict {
  readonly rttMs: readonly number[];
  readonly troubles: readonly string[];
  readonly lost: number;
  /** Of the server: CPU in % of one core, growth of its memory in MB, what it logged in kB. */
  readonly cpuPercent: number;
  readonly growthMb: number;
  readonly logKb: number;
  /** How long the honest users' own processes stood still at most, for want of a processor; ms. */
  readonly standstillMs: number;
  readonly attacker: FromAttacker;
}

export class Siege {
  readonly #server: Served;
  readonly #port: number;
  readonly #users: readonly HonestUser[];
  readonly #crowd: Crowd;
  readonly #witnesses: Witnesses;
  readonly #shaky: Network;
  readonly #attacker: ChildProcess;
  readonly #folder: string;

  private constructor(parts: {
    server: Served;
    port: number;
    users: readonly HonestUser[];
    crowd: Crowd;
    witnesses: Witnesses;
    shaky: Network;
    folder: string;
  }) {
    this.#server = parts.server;
    this.#port = parts.port;
    this.#users = parts.users;
    this.#crowd = parts.crowd;
    this.#witnesses = parts.witnesses;
    this.#shaky = parts.shaky;
    this.#folder = parts.folder;
    this.#attacker = fork(join(import.meta.dirname, 'attacker-process.ts'));
  }

  /** Starts the server and lets the honest in. One in twenty is behind a network with short outages. */
  static async lay(sessions: number): Promise<Siege> {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-abuse-'));
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ appId: [appId], appCertificate: [certificate], limits, bounds }));
    const port = await freePort();
    const server = new Served(['serve', '--port', `${port}`, '--config', config]);
    try {
      await server.answers(port);
      lift(server.child.pid);
      const shaky = await createNetwork({ deliveriesMax: 1 });
      const shakyPort = await shaky.route({ targetPort: port });
      const users = honestUsers(sessions, (index) => `ws://127.0.0.1:${index % 20 === 7 ? shakyPort : port}`);
      // First, for they have no SDK that would come again when it is told to.
      const witnesses = await Witnesses.enter(`ws://127.0.0.1:${port}`, Math.min(20, sessions / perChannel));
      const crowd = await Crowd.gather(users);
      await sleep(settleMs);
      await crowd.ask({ type: 'tell' });
      return new Siege({ server, port, users, crowd, witnesses, shaky, folder });
    } catch (error) {
      server.kill();
      throw error;
    }
  }

  /** @param attack null: nobody attacks */
  async round(attack: string | null, seconds: number): Promise<Round> {
    await this.#crowd.ask({ type: 'talk' });
    this.#witnesses.takeRoundTrips();
    const [before, logged, startedAt] = [this.#server.usage(), this.#server.said.length, performance.now()];
    let highestMb = before.residentMb;
    const watching = setInterval(() => {
      if (this.fallen === null) highestMb = Math.max(highestMb, this.#server.usage().residentMb);
    }, 250);
    const [attacker, episodes] = await Promise.all([
      attack === null ? this.#nobody(seconds) : this.#attack(attack, seconds),
      this.#witnesses.fallSilent(silenceMs),
      this.#shake(seconds),
    ]);
    clearInterval(watching);
    if (this.fallen !== null) throw new Error(this.fallen);
    const elapsed = (performance.now() - startedAt) / 1_000;
    const rttMs = this.#witnesses.takeRoundTrips();
    const cpuPercent = (100 * (this.#server.usage().cpuSeconds - before.cpuSeconds)) / elapsed;
    const early = await this.#crowd.ask({ type: 'hush' });
    await sleep(settleMs);
    const late = await this.#crowd.ask({ type: 'tell' });
    const told = [...early.told, ...late.told];
    const observers = this.#users.map(({ uid, channel, class: of }) => ({ uid, channel, class: of }));
    const about = told.filter((each) => each.about < foreignUid);
    return {
      ...judgeEdges(observers, episodes, about, limits),
      rttMs,
      troubles: [...early.troubles, ...late.troubles, ...this.#witnesses.ended],
      lost: lostMessages(observers, late),
      cpuPercent,
      growthMb: highestMb - before.residentMb,
      logKb: (this.#server.said.length - logged) / 1_000,
      standstillMs: Math.max(early.standstillMs, late.standstillMs),
      attacker,
    };
  }

  /** How the server ended, with what it said last; null: it is still the one that was started. */
  get fallen(): string | null {
    const { exitCode, signalCode } = this.#server.child;
    if (exitCode === null && signalCode === null) return null;
    return `the server ended with ${signalCode ?? exitCode}: ${this.#server.said.slice(-1_000)}`;
  }

  lift(): void {
    this.#attacker.kill('SIGKILL');
    this.#crowd.disperse();
    this.#witnesses.close();
    this.#shaky.close();
    this.#server.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #nobody(seconds: number): Promise<FromAttacker> {
    await sleep(seconds * 1_000);
    return { attempts: 0, answers: {}, failed: null };
  }

  #attack(attack: string, seconds: number): Promise<FromAttacker> {
    const { stay, welcome } = this.#witnesses.victim;
    const order: ToAttacker = {
      attack,
      seconds,
      target: {
        url: `ws://127.0.0.1:${this.#port}`,
        port: this.#port,
        from: attack === 'school' ? ['127.0.0.1'] : attackerAddresses,
        own: stayOf('attackers', foreignUid, 0),
        member: stayOf(channelOf(0), foreignUid + 1),
        victim: { stay, session: welcome.session, join: welcome.join },
        badTokens: badTokens('attackers'),
      },
    };
    return ask<FromAttacker>(this.#attacker, order);
  }

  /** Outages of a second, which nobody may notice (C-11). */
  async #shake(seconds: number): Promise<void> {
    for (const until = performance.now() + (seconds - 3) * 1_000; performance.now() < until; ) {
      await sleep(1_000);
      this.#shaky.cut();
      await sleep(1_000);
      this.#shaky.heal();
    }
  }
}

/** Where it is allowed, the processors go to what is measured first. */
function lift(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, -10);
  } catch {
    // Only root may.
  }
}
