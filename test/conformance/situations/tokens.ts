import agora from 'agora-token';
import type { Call } from '../dialects.ts';
import type { Expected, Timing } from '../judge.ts';
import { arrivalOf, due, goodbyeAfter, ownJoin, ownOutage, promised, promptly } from '../promises.ts';
import type { Role, Scene } from '../scene.ts';
import { listenOn, nothing, type Part, type Situation, seconds } from './situation.ts';

const [appId, certificate] = ['a'.repeat(32), 'b'.repeat(32)];

/** A server that looks at tokens, and two who may be there for an hour. */
const admitted = {
  settings: { appId: [appId], appCertificate: [certificate] },
  parts: { B: { credentials: forSeconds(3_600) } },
} as const;

/** Every token of a row's A is over after so long, in s. It is issued in whole seconds, so up to 1 s earlier. */
const ttlS = 8;

/** Rows about tokens that are not good, or not any more. */
export const tokens: readonly Situation[] = [notGood(), renewedInTime(), neverRenewed(), expiresWhileAway()];

function forSeconds(ttl: number): NonNullable<Part['credentials']> {
  return (channel, uid) => ({ appId, token: issue(channel, uid, ttl) });
}

function issue(channel: string, uid: number, ttl: number): string {
  const { RtcTokenBuilder, RtcRole } = agora;
  return RtcTokenBuilder.buildTokenWithUid(appId, certificate, channel, uid, RtcRole.PUBLISHER, ttl, 0);
}

function notGood(): Situation {
  return {
    ...admitted,
    name: "joins with another user's token",
    promises: 'C-42 C-43',
    joinsLater: true,
    parts: {
      ...admitted.parts,
      A: { credentials: (channel, uid) => ({ appId, token: issue(channel, uid + 1, 3_600) }) },
    },
    async play(scene) {
      await scene.start('A');
      scene.mark('started');
      await scene.after('started', promised.interrupted + listenOn);
    },
    told: {
      A: (scene) => [due(scene.dialect('A').failed('invalid token', 'connecting'), 'C-43')],
      B: nothing,
    },
  };
}

/** Over while connected, renewed in the grace: healed at once, and nobody else hears of it. */
function renewedInTime(): Situation {
  return {
    ...expiring(),
    name: 'its token expires and is renewed 5 s later',
    async play(scene) {
      await joinAndExpire(scene);
      await scene.after('asked', 5_000);
      renew(scene);
      await scene.after('renewed', promised.interrupted + listenOn);
    },
    told: {
      A: (scene) => [[...joined(scene), ...asked(scene), ...due(scene.dialect('A').tokenRenewed(), 'C-43')]],
      B: (scene) => [arrivalOf(scene, 'B', 'A')],
    },
  };
}

/** The grace ends 30 s after the app was asked. */
function neverRenewed(): Situation {
  return {
    ...expiring(),
    name: 'its token expires and is never renewed',
    async play(scene) {
      await joinAndExpire(scene);
      await scene.after('asked', promised.tokenGrace + listenOn);
    },
    told: {
      A: (scene) => {
        const over = promptly(scene, 'asked', promised.tokenGrace + promised.lateness, promised.tokenGrace);
        const failed = scene.dialect('A').failed('token expired', 'connected');
        return [[...joined(scene), ...asked(scene), ...due(failed, 'C-43', over, 'token over')]];
      },
      B: (scene) => [
        [...arrivalOf(scene, 'B', 'A'), ...goodbyeAfter(scene, 'B', 'A', 'asked', promised.tokenGrace)],
      ],
    },
  };
}

/** Asked for once, by the client itself: no server can be reached. */
function expiresWhileAway(): Situation {
  const ms = 9_000;
  return {
    ...expiring(),
    name: `its token expires within an outage of ${seconds(ms)} and is renewed before its end`,
    async play(scene) {
      await scene.enter('A');
      await scene.cut('A');
      await expire(scene);
      await scene.after('cut', ms - 500);
      renew(scene);
      await scene.after('cut', ms);
      scene.heal('A');
      await scene.after('healed', promised.interrupted + listenOn);
    },
    told: {
      A: (scene) => {
        const [interrupted, back] = [4_000, promptly(scene, 'healed', promised.back)];
        const dialect = scene.dialect('A');
        const returned = [
          ...due(dialect.back(), 'C-11 C-17', back),
          ...due(dialect.tokenRenewed(), 'C-43'),
        ].map((each) => ({ ...each, together: 'return' }));
        return [[...joined(scene), ...ownOutage(scene, 'A', interrupted), ...asked(scene), ...returned]];
      },
      B: (scene) => [arrivalOf(scene, 'B', 'A')],
    },
  };
}

function expiring() {
  const parts = { ...admitted.parts, A: { credentials: forSeconds(ttlS) } };
  return { ...admitted, promises: 'C-43', joinsLater: true, parts } as const;
}

async function joinAndExpire(scene: Scene): Promise<void> {
  await scene.enter('A');
  await expire(scene);
}

async function expire(scene: Scene): Promise<void> {
  const request = callNamed(scene.dialect('A').tokenRequested());
  const { t } = await scene
    .person('A')
    .process.until('A is asked for a token', ({ callback }) => callback === request, 15_000);
  scene.mark('asked', Math.floor(t), 'A is asked for a token');
}

function renew(scene: Scene): void {
  const { channel, uid } = scene.person('A');
  scene.tell('A', `renew ${issue(channel, uid, 3_600)}`, 'renewed');
}

/** A token of less than 30 s is near its end from the beginning. */
function joined(scene: Scene): Expected[] {
  const [connecting, connected, success, ...present] = ownJoin(scene, 'A', ['B']);
  const soon = due(scene.dialect('A').tokenWillExpire(), 'C-43').map((each) => ({
    ...each,
    together: 'present',
  }));
  return [connecting, connected, success, ...present, ...soon].filter((each) => each !== undefined);
}

function asked(scene: Scene): Expected[] {
  return due(scene.dialect('A').tokenRequested(), 'C-43', atExpiry(scene, 'A'));
}

/** Issued in the second of the join, or in the one before. */
function atExpiry(scene: Scene, role: Role): Timing {
  const ready = () => scene.person(role).process.said.find(({ callback }) => callback === '$ready')?.t;
  return {
    text: 'the join',
    since: ready,
    atLeastMs: (ttlS - 3) * 1_000,
    atMostMs: ttlS * 1_000 + promised.lateness,
  };
}

function callNamed([first]: readonly Call[]): string {
  return first?.callback ?? '';
}
