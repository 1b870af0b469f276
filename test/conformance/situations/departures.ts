import { setTimeout as sleep } from 'node:timers/promises';
import {
  arrivalOf,
  deathOf,
  goodbyeOf,
  inTime,
  ownJoin,
  ownLeave,
  ownOutage,
  promised,
  promptly,
  silenceOf,
} from '../promises.ts';
import type { Scene } from '../scene.ts';
import { fact, listenOn, nothing, nothingIsLeft, type Situation, seconds } from './situation.ts';
import { goneInTime, watchUntilGone } from './vanishing.ts';

const destruction = { mark: 'last packet', ms: promised.channelDestroy } as const;

/** Rows in which A's process ends, or A says goodbye. */
export const departures: readonly Situation[] = [
  killedAndBack(2_000, false),
  killedAndBack(7_000, true),
  killedAndBack(16_000, false),
  killedAndBack(24_000, false),
  killedForGood(),
  killedForGood('live'),
  killedInTheDark(),
  killedAndAssigned(),
  leaves(),
  lastUser('leaves', 9_000),
  lastUser('leaves', 11_000),
  lastUser('leaves'),
  lastUser('is killed'),
  lastUserAway(9_000),
  lastUserAway(11_000),
];

function killedAndBack(ms: number, short: boolean): Situation {
  return {
    name: `killed, restarted after ${seconds(ms)}`,
    promises: 'C-30 C-31 C-33 C-40',
    short,
    harms: ['A', 'A2'],
    inBrowser: ms === 7_000,
    async play(scene) {
      const a = scene.person('A');
      await scene.kill('A');
      await scene.after('killed', ms);
      const again = await scene.enter('A2', a);
      const ready = again.process.said.find(({ callback }) => callback === '$ready');
      scene.mark('joins again', ready?.t);
      await scene.after('joins again', listenOn);
    },
    told: {
      A: nothing,
      A2: (scene) => [ownJoin(scene, 'A2', ['B'])],
      B: (scene) => [deathOf(scene, 'B', 'A', { ms, back: 'joins again' })],
    },
  };
}

function killedForGood(profile?: 'live'): Situation {
  return {
    name: `killed for good${profile ? ', in the live profile' : ''}`,
    promises: profile ? 'C-30 C-31 C-32' : 'C-2 C-30 C-31',
    harms: ['A'],
    ...(profile ? { profile } : { short: true, inBrowser: true }),
    async play(scene) {
      await scene.kill('A');
      await scene.after('killed', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: (scene) => [deathOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })] },
  };
}

/** Whoever lets the server choose its uid is somebody else after a restart. */
function killedAndAssigned(): Situation {
  return {
    name: 'killed, restarted at once, its uid assigned by the server',
    promises: 'C-33',
    harms: ['A', 'A2'],
    parts: { A: { uid: 0 }, A2: { uid: 0 } },
    async play(scene) {
      await scene.kill('A');
      await scene.enter('A2');
      await scene.after('killed', promised.peerOffline + listenOn);
    },
    told: {
      A: nothing,
      A2: (scene) => [
        [...ownJoin(scene, 'A2', ['B', 'A']), ...deathOf(scene, 'A2', 'A', { ms: Number.POSITIVE_INFINITY })],
      ],
      B: (scene) => [
        inTime(
          arrivalOf(scene, 'B', 'A2'),
          deathOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY }).map((each) => ({
            ...each,
            nominalMs: 4_000 + (each.nominalMs ?? 0),
          })),
        ),
      ],
    },
  };
}

/** Nobody reads the close of a connection that the network keeps: a silence, for apple too. */
function killedInTheDark(): Situation {
  return {
    name: 'killed 2 s into an outage',
    promises: 'C-30 C-31',
    harms: ['A'],
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', 2_000);
      scene.killNow('A');
      await scene.after('cut', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: (scene) => [silenceOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })] },
  };
}

function leaves(): Situation {
  return {
    name: 'leaves',
    promises: 'C-12 C-14',
    short: true,
    inBrowser: true,
    async play(scene) {
      scene.leave('A');
      await scene.after('left', 6_000);
    },
    told: {
      A: (scene) => [ownLeave(scene, 'A', 'connected')],
      B: (scene) => [goodbyeOf(scene, 'B', 'A', 'left')],
    },
    facts: (scene) => nothingIsLeft(scene, 'A'),
  };
}

/** A is alone. Its channel lives for 10 s after its last packet or goodbye. */
function lastUser(how: 'leaves' | 'is killed', returnsAt?: number): Situation {
  const back = returnsAt ? `, back at ${seconds(returnsAt)}` : ' and stays away';
  return {
    name: `the last user ${how}${back}`,
    promises: 'C-34',
    alone: true,
    harms: how === 'leaves' ? [] : ['A'],
    short: returnsAt !== undefined,
    async play(scene) {
      const a = scene.person('A');
      const before = (await scene.view())?.incarnation;
      if (how === 'leaves') scene.leave('A');
      else await scene.kill('A');
      await sleep(500);
      scene.mark('last packet', a.packets.lastBefore('up', Date.now()));
      if (returnsAt) await returnTo(scene, returnsAt, before);
      else await watchUntilGone(scene, async () => (await scene.view())?.incarnation === before, destruction);
    },
    told: {
      A: (scene) => (how === 'leaves' ? [ownLeave(scene, 'A', 'connected')] : [[]]),
      ...(returnsAt && { A2: (scene: Scene) => [ownJoin(scene, 'A2', [])] }),
    },
    facts: (scene) => (returnsAt ? incarnationAfterReturn(scene) : goneInTime(scene, 'channel', destruction)),
  };
}

/** A is alone and away: its channel lives until its newest packet is 10 s old. */
function lastUserAway(ms: number): Situation {
  return {
    name: `the last user: outage of ${seconds(ms)}`,
    promises: 'C-34',
    alone: true,
    async play(scene) {
      const a = scene.person('A');
      const before = (await scene.view())?.incarnation;
      await scene.cut('A');
      scene.mark('last packet', a.packets.lastBefore('up', Date.now()));
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
      scene.mark('returned', a.packets.firstAfter('up', scene.marked('cut') ?? 0));
      const after = (await scene.view())?.incarnation;
      scene.mark(before !== undefined && after === before ? 'same incarnation' : 'new incarnation');
    },
    told: { A: (scene) => [ownOutage(scene, 'A', ms, promptly(scene, 'healed', promised.back))] },
    facts: incarnationAfterReturn,
  };
}

/** The process needs some time to start; `firstPacketAt` says when the return really was. */
async function returnTo(scene: Scene, returnsAt: number, before: string | undefined): Promise<void> {
  await scene.after('last packet', returnsAt < promised.channelDestroy ? returnsAt - 700 : returnsAt - 400);
  const again = await scene.enter('A2', scene.person('A'));
  scene.mark('returned', again.packets.firstAfter('up', scene.marked('last packet') ?? 0));
  const after = (await scene.view())?.incarnation;
  scene.mark(before !== undefined && after === before ? 'same incarnation' : 'new incarnation');
  await scene.after('returned', listenOn);
}

function incarnationAfterReturn(scene: Scene) {
  const after = (scene.marked('returned') ?? 0) - (scene.marked('last packet') ?? 0);
  const same = scene.marked('same incarnation') !== undefined;
  const text = `a return ${after} ms after the last packet found ${same ? 'the same' : 'a new'} incarnation`;
  const mayBeSame = after <= promised.channelDestroy + promised.lateness;
  const mayBeNew = after >= promised.channelDestroy;
  return { findings: (same ? mayBeSame : mayBeNew) ? [] : [fact('channel', 'C-34', text)] };
}
