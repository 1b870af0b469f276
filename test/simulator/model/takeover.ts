import type { Client, Interval } from './world.ts';

/** C-40: the reason of the state FAILED for the one of two clients that is out. */
export const sameUidLogin = 19;

/** C-12: the reason of the state FAILED of a client that gave up. */
export const joinFailed = 4;

/** The newer client of the same uid that spoke up before `t` and did not lose the race. */
export function heirOf(client: Client, t: number): Client | undefined {
  return client.user.clients.find(
    (other) => other.enteredFrom > client.enteredFrom && other.enteredFrom <= t && !lostTo(client, other),
  );
}

/** What a client does counts for its user until a newer client has surely taken over. */
export function isTakenOver(client: Client, t: number): boolean {
  const heir = heirOf(client, t);
  return heir !== undefined && heir.successAt <= t;
}

/** As `isTakenOver`, by servers that have not lost their memory of it since. */
export function isFenced(client: Client, t: number, blackouts: readonly Interval[]): boolean {
  const heir = heirOf(client, t);
  if (heir === undefined || heir.successAt > t) return false;
  return !blackouts.some(({ to }) => to >= heir.successAt);
}

/** From when on a newer client of the same uid may have taken over; Infinity if none did. */
export function overtakenAt(client: Client): number {
  let t = Number.POSITIVE_INFINITY;
  for (const other of client.user.clients) {
    const newer = other.enteredFrom > client.enteredFrom && !lostTo(client, other);
    if (newer) t = Math.min(t, other.enteredFrom);
  }
  return t;
}

/** Thrown out by the older one. Whom a still newer one threw out had taken over before. */
function lostTo(client: Client, newer: Client): boolean {
  if (newer.failedReason !== sameUidLogin) return false;
  return !client.user.clients.some(
    (third) => third.enteredFrom > newer.enteredFrom && third.enteredFrom <= newer.failedAt,
  );
}
