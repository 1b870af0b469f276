import { due, goodbyeOf, promised, silenceOf } from '../promises.ts';
import { fact, listenOn, nothing, type Situation } from './situation.ts';

/** How a process ends by itself: what it runs when the suite gives it a signal. */
const ends = {
  'an uncaught error': "process.on('SIGUSR2', () => { throw new Error('of the app'); });",
  'process.exit(3)': "process.on('SIGUSR2', () => process.exit(3));",
};

type End = NodeJS.Signals | keyof typeof ends;

/** What makes it end so. */
function ending(end: End) {
  const signal: NodeJS.Signals = end in ends ? 'SIGUSR2' : (end as NodeJS.Signals);
  return { signal, ...(end in ends && { prelude: ends[end as keyof typeof ends] }) };
}

/** Rows about the ways in which a process ends: a goodbye if it is apple, else a silence. */
export const endings: readonly Situation[] = [
  endsOrderly('SIGTERM', 'SIGTERM'),
  endsOrderly('SIGINT', '0'),
  endsOrderly('SIGHUP', 'SIGHUP'),
  endsOrderly('an uncaught error', '1'),
  endsOrderly('process.exit(3)', '3'),
  endsWordless('SIGTERM'),
  endsWordless('SIGHUP'),
  endsWordless('an uncaught error'),
  killedWithoutGoodbyes(),
];

/** The end of an apple process is a leave, and the process ends as it would have without the SDK. */
function endsOrderly(end: End, how: string): Situation {
  const { signal, ...prelude } = ending(end);
  return {
    ...prelude,
    name: `ends by ${end}`,
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
      const { ended } = scene.person('A').process;
      const text = `the process ${ended} and not with ${how}`;
      return { findings: ended === `exited with ${how}` ? [] : [fact('A', 'C-31', text)] };
    },
  };
}

/** Other processes end without a word. */
function endsWordless(end: End): Situation {
  const { signal, ...prelude } = ending(end);
  return {
    ...prelude,
    name: `ends by ${end}, without a goodbye`,
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

/** Behind proxies that cut connections, a close says nothing of an apple user either. */
function killedWithoutGoodbyes(): Situation {
  return {
    name: 'killed for good, goodbyes of ended processes switched off',
    promises: 'C-31',
    onlyFor: ['apple'],
    harms: ['A'],
    limits: { appleGoodbyeMs: null },
    async play(scene) {
      await scene.kill('A');
      await scene.after('killed', promised.peerOffline + listenOn);
    },
    told: { A: nothing, B: (scene) => [silenceOf(scene, 'B', 'A', { ms: Number.POSITIVE_INFINITY })] },
  };
}
