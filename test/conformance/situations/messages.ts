import type { Call } from '../dialects.ts';
import type { Expected } from '../judge.ts';
import { due, ownJoin, ownOutage, promised, promptly, silenceOf } from '../promises.ts';
import type { Role, Scene } from '../scene.ts';
import { listenOn, type Situation, seconds } from './situation.ts';

/** Rows in which somebody sends: what a resume brings along, what is forgotten, what a restart begins anew. */
export const messages: readonly Situation[] = [
  missedAndReplayed(),
  beyondTheSession(),
  aMinuteAway(),
  restartedSender(),
  asLargeAsAllowed(),
];

/** Sends numbered texts, this many ms apart. */
async function sendAll(scene: Scene, role: Role, texts: readonly string[], apartMs = 0): Promise<void> {
  for (const text of texts) {
    scene.tell(role, `send ${text}`, 'sent');
    await scene.after('sent', apartMs);
  }
}

/** A is in the dark, and some ms later B begins to send ten messages a second. */
async function awayWhileSending(
  scene: Scene,
  ms: number,
  said: readonly string[],
  beginsMs = 0,
): Promise<void> {
  await scene.cut('A');
  await scene.after('cut', beginsMs);
  await sendAll(scene, 'B', said, 100);
  await scene.after('cut', ms);
  scene.heal('A');
  await scene.after('healed', listenOn);
}

function texts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `message ${i + 1}`);
}

function heardAll(scene: Scene, role: Role, from: Role, said: readonly string[]): Call[] {
  const dialect = scene.dialect(role);
  return said.flatMap((text) => dialect.message({ from: scene.person(from).uid, text }));
}

/** A is told of its outage, and hears what B has said. */
function backWith(scene: Scene, ms: number, said: readonly string[], promises: string): Expected[] {
  const back = promptly(scene, 'healed', promised.back);
  return [...ownOutage(scene, 'A', ms, back), ...due(heardAll(scene, 'A', 'B', said), promises)];
}

/** Whoever comes back in time hears everything, in order. */
function missedAndReplayed(): Situation {
  const [ms, said] = [15_000, texts(60)];
  return {
    name: `outage of ${seconds(ms)}, B sends ${said.length} messages meanwhile`,
    promises: 'C-60',
    play: (scene) => awayWhileSending(scene, ms, said, 2_000),
    told: {
      A: (scene) => [backWith(scene, ms, said, 'C-60')],
      B: (scene) => {
        const { uid } = scene.person('A');
        const gone = due(scene.dialect('B').streamGone(uid), 'C-20');
        return [gone.length > 0 ? [...gone, ...due(scene.dialect('B').streamBack(uid), 'C-20')] : []];
      },
    },
  };
}

/** A forgotten session joins afresh, and hears what the channel's history has of its absence. */
function beyondTheSession(): Situation {
  const [keep, ms] = [12_000, 16_000];
  const others = keep - 1_000;
  return {
    name: `outage of ${seconds(ms)} with a message in it, sessions are kept for ${seconds(keep)}`,
    promises: 'C-36 C-60',
    limits: { sessionKeepMs: keep, peerOfflineMs: others, peerLeaveMs: others },
    async play(scene) {
      await scene.cut('A');
      await scene.after('cut', 2_000);
      scene.tell('B', 'send meanwhile');
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', 2_000);
      scene.tell('B', 'send afterwards');
      await scene.after('healed', 2_000 + listenOn);
    },
    told: {
      A: (scene) => [backWith(scene, ms, ['meanwhile', 'afterwards'], 'C-36 C-60')],
      B: (scene) => {
        const dialect = scene.dialect('B');
        const { uid } = scene.person('A');
        const told = [...dialect.streamGone(uid), ...dialect.peerGone(uid)];
        return [due([...told, ...dialect.appeared(scene.person('A'))], 'C-20')];
      },
    },
  };
}

/** What the contract promises of a channel's history: a minute away at ten messages a second loses nothing. */
function aMinuteAway(): Situation {
  const [ms, said] = [60_000, texts(590)];
  return {
    name: `outage of ${seconds(ms)}, B sends ten messages a second`,
    promises: 'section 1, history; C-60',
    long: true,
    play: (scene) => awayWhileSending(scene, ms, said),
    told: {
      A: (scene) => [backWith(scene, ms, said, 'C-60')],
      B: (scene) => [silenceOf(scene, 'B', 'A', { ms, back: 'healed' })],
    },
  };
}

/** Message numbers belong to the join: a restarted sender's first message is no repeat, and it gets no history. */
function restartedSender(): Situation {
  return {
    name: 'sends, is killed, restarts and sends again',
    promises: 'C-30 C-35 C-60',
    harms: ['A', 'A2'],
    async play(scene) {
      scene.tell('A', 'send before');
      scene.tell('B', 'send hello', 'greeted');
      await scene.after('greeted', 500);
      await scene.kill('A');
      await scene.enter('A2');
      scene.tell('A2', 'send after', 'said again');
      await scene.after('said again', listenOn);
    },
    told: {
      A: (scene) => [due(heardAll(scene, 'A', 'B', ['hello']), 'C-60')],
      A2: (scene) => [ownJoin(scene, 'A2', ['B'])],
      B: (scene) => [due(heardAll(scene, 'B', 'A', ['before', 'after']), 'C-35 C-60')],
    },
  };
}

/** The largest message arrives; one byte more is refused, and nobody else hears of it. */
function asLargeAsAllowed(): Situation {
  const largest = 'x'.repeat(promised.messageBytes);
  return {
    name: `sends ${promised.messageBytes} bytes, and one more`,
    promises: 'C-60 C-80',
    async play(scene) {
      scene.tell('A', `send ${largest}`, 'sent the largest');
      scene.tell('A', `send ${largest}x`, 'sent too much');
      scene.tell('A', 'send small', 'sent');
      await scene.after('sent', listenOn);
    },
    told: {
      A: (scene) => [due(scene.dialect('A').tooLarge(), 'C-60')],
      B: (scene) => [due(heardAll(scene, 'B', 'A', [largest, 'small']), 'C-60')],
    },
  };
}
