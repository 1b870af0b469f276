import { ownJoin, promised, silenceOf, silenceOfAsMeasured } from '../promises.ts';
import { fact, listenOn, nothing, type Situation, seconds } from './situation.ts';

const page = { onlyFor: ['web'], inBrowser: true } as const;

/** Rows about what only pages of a browser live through. */
export const pages: readonly Situation[] = [
  reloaded(),
  crashed(),
  frozen(8_000),
  frozen(15_000),
  elsewhere(7_000),
  elsewhere(24_000),
  saidToBeOffline(),
];

/** The page is loaded again: the same uid joins at once, from a page that knows nothing of the one before. */
function reloaded(): Situation {
  return {
    ...page,
    name: 'the page is reloaded',
    promises: 'C-30 C-35',
    short: true,
    async play(scene) {
      scene.mark('reloaded', await scene.page('A').reload(), 'A reloads its page');
      await scene.after('reloaded', promised.streamRemoved + listenOn);
    },
    told: { A: (scene) => [ownJoin(scene, 'A', ['B'])], B: nothing },
  };
}

/** Its renderer ends, as when it runs out of memory. */
function crashed(): Situation {
  return {
    ...page,
    name: 'the page crashes',
    promises: 'C-30',
    async play(scene) {
      scene.mark('crashed', scene.page('A').crash(), 'the page of A crashes');
      await scene.after('crashed', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: (scene) => [silenceOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })] },
    facts: (scene) => unless(scene.person('A').process.exitedAt !== undefined, 'the page did not crash'),
  };
}

/** A hidden page that the browser stops to save power: for the page a sleep, for the others a silence. */
function frozen(ms: number): Situation {
  return {
    ...page,
    inBrowser: 'tabs',
    name: `the hidden page is frozen for ${seconds(ms)}`,
    promises: 'C-3 C-20',
    async play(scene) {
      scene.mark('hidden', await scene.page('A').hide(), 'another tab is in front of A');
      scene.mark('frozen', await scene.page('A').freeze(), 'the page of A is frozen');
      await scene.after('frozen', ms);
      scene.mark('thawed', await scene.page('A').thaw(), 'the page of A runs again');
      await scene.after('thawed', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: (scene) => silenceOfAsMeasured(scene, 'B', 'A', 'thawed') },
    facts: (scene) => unless(scene.page('A').noted('freeze'), 'the page was not frozen'),
  };
}

/** Another page is shown in its place, and then the first one again, out of the back/forward cache. */
function elsewhere(ms: number): Situation {
  return {
    ...page,
    name: `another page for ${seconds(ms)}, then back out of the back/forward cache`,
    promises: 'C-3 C-20 C-24 C-30',
    // A page with a stream of its own is never kept there.
    parts: { A: { publishes: false } },
    async play(scene) {
      scene.mark('went', await scene.page('A').goElsewhere(), 'A goes to another page');
      await scene.after('went', ms);
      scene.mark('back', await scene.page('A').goBack(), 'A goes back');
      await scene.after('back', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: (scene) => silenceOfAsMeasured(scene, 'B', 'A', 'back') },
    facts: (scene) => unless(scene.page('A').noted('pageshow true'), 'the page was not in the cache'),
  };
}

/** The platform's word is doubted: only the connection itself says whether there is one. */
function saidToBeOffline(): Situation {
  const ms = 6_000;
  return {
    ...page,
    name: `the browser says offline for ${seconds(ms)}, and the network works`,
    promises: 'C-15',
    async play(scene) {
      scene.mark('offline', await scene.page('A').say('offline'), 'the browser of A says offline');
      await scene.after('offline', ms);
      scene.mark('online', await scene.page('A').say('online'), 'the browser of A says online');
      await scene.after('online', promised.interrupted + listenOn);
    },
    told: { A: nothing, B: nothing },
    facts(scene) {
      const silent = scene.silence('A', 'up');
      const text = `nothing came from A for ${silent} ms, although its connection works`;
      return unless(silent <= promised.heartbeat + promised.lateness, text);
    },
  };
}

function unless(isTrue: boolean, otherwise: string) {
  return { findings: isTrue ? [] : [fact('A', 'the row itself', otherwise)] };
}
