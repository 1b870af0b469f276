import { deathOf, ownOutage, promised, promptly, silenceOf } from '../promises.ts';
import type { Scene } from '../scene.ts';
import { fact, listenOn, nothing, type Situation, seconds } from './situation.ts';

const onTelephones = { promises: 'C-32', onlyFor: ['native', 'apple'] } as const;

/** A tab behind another one. Its timers run once a second: Chromium lets a page with a WebSocket run that often. */
const inATab = { onlyFor: ['web'], inBrowser: 'tabs' } as const;

/** After this long, in ms, a hidden page's timers are throttled as much as they will be. */
const throttledAfter = 8_000;

/** Rows in which A's app is in the background, or its page is hidden. */
export const background: readonly Situation[] = [
  suspended(8_000),
  suspended(15_000),
  suspended(24_000, { short: true }),
  suspended(24_000, { profile: 'live' }),
  killedWhileSuspended(),
  killedWithVoip(),
  voipToggled(),
  keptByVoip(),
  voipOnInTheBackground(),
  hidden(),
  outageWhileHidden(15_000),
];

function suspended(ms: number, special: Pick<Situation, 'short' | 'profile'> = {}): Situation {
  const profile = special.profile ? ', in the live profile' : '';
  return {
    ...onTelephones,
    ...special,
    name: `in the background for ${seconds(ms)}, VoIP mode off${profile}`,
    async play(scene) {
      scene.tell('A', 'background');
      await scene.after('background', ms);
      scene.tell('A', 'foreground');
      await scene.after('foreground', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: (scene) => [silenceOf(scene, 'B', 'A', { ms, back: 'foreground' })] },
  };
}

/** Its connection was closed before, so that nobody takes its end for a leave. */
function killedWhileSuspended(): Situation {
  return {
    ...onTelephones,
    name: 'killed 3 s after going to the background',
    promises: 'C-31 C-32',
    harms: ['A'],
    async play(scene) {
      scene.tell('A', 'background');
      await scene.after('background', 3_000);
      scene.killNow('A');
      await scene.after('background', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: (scene) => [silenceOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })] },
  };
}

/** With VoIP mode its connection is kept: its end is what it is in the foreground. */
function killedWithVoip(): Situation {
  return {
    ...onTelephones,
    name: 'killed in the background, VoIP mode on',
    promises: 'C-31 C-32',
    harms: ['A'],
    async play(scene) {
      scene.tell('A', 'voip on', 'switched');
      scene.tell('A', 'background');
      await scene.after('background', 2_000);
      await scene.kill('A');
      await scene.after('killed', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: (scene) => [deathOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })] },
  };
}

function voipToggled(): Situation {
  return {
    ...onTelephones,
    name: 'VoIP mode is switched on, off and on again',
    async play(scene) {
      for (const [i, mode] of ['on', 'off', 'on'].entries()) {
        await scene.after('began', 1_000 * i);
        scene.tell('A', `voip ${mode}`, 'switched');
      }
      await scene.after('switched', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: nothing },
  };
}

function keptByVoip(): Situation {
  const ms = promised.peerOffline + listenOn;
  return {
    ...onTelephones,
    name: `in the background for ${seconds(ms)}, VoIP mode on`,
    async play(scene) {
      scene.tell('A', 'voip on', 'switched');
      scene.tell('A', 'background');
      await scene.after('background', ms);
      scene.tell('A', 'foreground');
      await scene.after('foreground', listenOn);
    },
    told: { A: nothing, B: nothing },
    facts(scene) {
      const silent = scene.silence('A', 'up');
      const text = `nothing came from A for ${silent} ms, although its connection is kept`;
      const most = promised.heartbeat + promised.lateness;
      return { findings: silent > most ? [fact('A', 'C-32', text)] : [] };
    },
  };
}

function voipOnInTheBackground(): Situation {
  return {
    ...onTelephones,
    name: 'VoIP mode is switched on 3 s after going to the background',
    async play(scene) {
      scene.tell('A', 'background');
      await scene.after('background', 3_000);
      scene.tell('A', 'voip on', 'switched');
      await scene.after('background', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: nothing },
  };
}

function hidden(): Situation {
  const ms = throttledAfter + promised.peerOffline;
  return {
    ...inATab,
    name: `the page is hidden for ${seconds(ms)}, its timers throttled`,
    promises: 'C-4',
    async play(scene) {
      await hide(scene);
      const before = await scene.page('A').ticks();
      await scene.after('hidden', ms);
      markTicks(scene, (await scene.page('A').ticks()) - before, ms - throttledAfter);
      scene.mark('shown', await scene.page('A').show(), 'A is in front again');
      await scene.after('shown', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: nothing },
    facts: wasThrottled,
  };
}

function outageWhileHidden(ms: number): Situation {
  return {
    ...inATab,
    name: `outage of ${seconds(ms)} while the page is hidden`,
    promises: 'C-4 C-10 C-17 C-20',
    async play(scene) {
      await hide(scene);
      await scene.cut('A');
      const before = await scene.page('A').ticks();
      await scene.after('cut', ms);
      markTicks(scene, (await scene.page('A').ticks()) - before, ms);
      scene.heal('A');
      await scene.after('healed', listenOn);
    },
    told: {
      A: (scene) => [ownOutage(scene, 'A', ms, promptly(scene, 'healed', promised.back))],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms, back: 'healed' })],
    },
    facts: wasThrottled,
  };
}

async function hide(scene: Scene): Promise<void> {
  scene.mark('hidden', await scene.page('A').hide(), 'another tab is in front of A');
  await scene.after('hidden', throttledAfter);
}

/** A visible page's timer would have run ten times a second. */
function markTicks(scene: Scene, ticks: number, ms: number): void {
  const mark = ticks <= ms / 1_000 + 1 ? 'throttled' : 'awake';
  scene.mark(mark, undefined, `a timer of 100 ms has run ${ticks} times in ${ms} ms`);
}

function wasThrottled(scene: Scene) {
  const text = 'this browser did not throttle the timers of the hidden page, so this row shows nothing';
  return { findings: scene.marked('throttled') ? [] : [fact('A', 'C-4', text)] };
}
