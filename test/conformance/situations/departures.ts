import { setTimeout as sleep } from 'node:timers/promises';
import { deathOf, due, goodbyeOf, ownJoin, ownLeave, promised, silenceOf } from '../promises.ts';
import type { Scene } from '../scene.ts';
import { fact, listenOn, nothing, nothingIsLeft, type Situation, seconds } from './situation.ts';

/** Rows in which A's process ends, or A says goodbye. */
export const departures: readonly Situation[] = [
  killedAndBack(2_000, false),
  killedAndBack(7_000, true),
  killedAndBack(16_000, false),
  killedAndBack(24_000, false),
  killedForGood(),
  killedForGood('live'),
  killedInTheDark(),
  endsOrderly('SIGTERM', 'SIGTERM'),
  endsOrderly('SIGINT', '0'),
  endsOrderly('SIGHUP', 'SIGHUP'),
  endsWordless('SIGTERM'),
  endsWordless('SIGHUP'),
  leaves(),
  lastUser('leaves', 9_000),
  lastUser('leaves', 11_000),
  lastUser('leaves'),
  lastUser('is killed'),
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

/** The end of an apple process is a leave, and the process ends as it would have without the SDK. */
function endsOrderly(signal: NodeJS.Signals, how: string): Situation {
  return {
    name: `ends by ${signal}`,
    promises: 'C-31',
    onlyFor: ['apple'],
    harms: ['A'],
    async play(scene) {
      await scene.kill('A', signal);
      await scene.after('killed', promised.appleGoodbye + listenOn);
    },
    told: {
      A: (scene) => [[], due(scene.dialect('A').left('connected'), 'C-31')],
      B: (scene) => [goodbyeOf(scene, 'B', 'A', 'killed')],
    },
    facts(scene) {
      const ended = scene.person('A').process.diagnostics.at(-1);
      const text = `the process ${ended} and not with ${how}`;
      return { findings: ended === `exited with ${how}` ? [] : [fact('A', 'C-31', text)] };
    },
  };
}

/** Other processes end without a word. */
function endsWordless(signal: NodeJS.Signals): Situation {
  return {
    name: `ends by ${signal}, without a goodbye`,
    promises: 'C-30',
    onlyFor: ['native', 'web'],
    harms: ['A'],
    async play(scene) {
      await scene.kill('A', signal);
      await scene.after('killed', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: (scene) => [silenceOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })] },
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
      else await watchDestruction(scene, before);
    },
    told: {
      A: (scene) => (how === 'leaves' ? [ownLeave(scene, 'A', 'connected')] : [[]]),
      ...(returnsAt && { A2: (scene: Scene) => [ownJoin(scene, 'A2', [])] }),
    },
    facts: (scene) => (returnsAt ? incarnationAfterReturn(scene) : destruction(scene)),
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

/** Asks every 20 ms around the promised time. */
async function watchDestruction(scene: Scene, before: string | undefined): Promise<void> {
  await scene.after('last packet', promised.channelDestroy - 1_000);
  for (let tries = 0; tries < 150; tries++) {
    const askedAt = Date.now();
    if ((await scene.view())?.incarnation !== before) {
      scene.mark('destroyed');
      return;
    }
    scene.mark('still there', askedAt, tries % 25 === 0 ? 'the channel is still there' : '');
    await sleep(20);
  }
}

function destruction(scene: Scene) {
  const since = (mark: string) => (scene.marked(mark) ?? Number.NaN) - (scene.marked('last packet') ?? 0);
  const [destroyed, stillThere] = [since('destroyed'), since('still there')];
  const text = `the channel was there ${stillThere} ms after the last packet and gone after ${destroyed} ms`;
  const early = !(destroyed >= promised.channelDestroy);
  const late = !(stillThere <= promised.channelDestroy + promised.lateness);
  return {
    findings: early || late ? [fact('channel', 'C-34', text)] : [],
    lateness: [{ figure: 'channel destroyed', ms: destroyed - promised.channelDestroy }],
  };
}
