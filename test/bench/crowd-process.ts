/** Runs a share of a crowd: joins, then keeps what its users were told until it is asked. */
import { createRtcEngine, type IRtcEngine } from '@holdfast/sdk/native';

export type ToCrowd =
  | { type: 'join'; first: number; count: number; perChannel: number; servers: readonly string[] }
  | { type: 'tell' };

export interface FromCrowd {
  readonly rejoinMs: readonly number[];
  readonly disturbances: readonly string[];
  readonly troubles: readonly string[];
  readonly failed: string | null;
}

/** Users that join at the same time. */
const atOnce = 20;
const joinWithinMs = 20_000;

const engines: IRtcEngine[] = [];
let rejoinMs: number[] = [];
let disturbances: string[] = [];
let troubles: string[] = [];
/** Joins tell everybody who is there already; only later is an edge a disturbance. */
let gathered = false;

process.on('disconnect', () => process.exit(0));
process.on('message', (question: ToCrowd) => {
  if (question.type === 'tell') return answer(null);
  join(question).then(
    () => answer(null),
    (error) => answer(String(error)),
  );
});

async function join({
  first,
  count,
  perChannel,
  servers,
}: Extract<ToCrowd, { type: 'join' }>): Promise<void> {
  const uids = Array.from({ length: count }, (_, index) => first + index);
  while (uids.length > 0) {
    const together = uids.splice(0, atOnce);
    await Promise.all(
      together.map((uid) => enter(uid, `bench-${Math.floor((uid - 1) / perChannel)}`, servers)),
    );
  }
}

function enter(uid: number, channel: string, servers: readonly string[]): Promise<void> {
  const engine = createRtcEngine();
  engines.push(engine);
  engine.initialize({ appId: 'bench', servers });
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`user ${uid} could not join`)), joinWithinMs);
    const disturbed = (what: string) => () => gathered && disturbances.push(`${what} at user ${uid}`);
    engine.registerEventHandler({
      onJoinChannelSuccess() {
        clearTimeout(tooLate);
        resolve();
      },
      onConnectionInterrupted: disturbed('onConnectionInterrupted'),
      onConnectionLost: disturbed('onConnectionLost'),
      onUserOffline: disturbed('onUserOffline'),
      onUserJoined: disturbed('onUserJoined'),
      onError: (_, text) => disturbances.push(`onError at user ${uid}: ${text}`),
      onOutage(_, { noticed, endedMs }) {
        const closed = noticed.find(({ what }) => what.startsWith('closed'));
        if (closed) rejoinMs.push(endedMs - closed.atMs);
        else troubles.push(noticed.map(({ what }) => what).join(', '));
      },
    });
    engine.joinChannel('', channel, uid);
  });
}

function answer(failed: string | null): void {
  const told: FromCrowd = { rejoinMs, disturbances, troubles, failed };
  process.send?.(told);
  rejoinMs = [];
  disturbances = [];
  troubles = [];
  gathered = true;
}
