import type { ChannelKey, Target } from './store.ts';

/** Who wants in, as far as rules can name it. */
export interface Named {
  /** 0: the server will assign one, which no rule can mean. */
  readonly uid: number;
  readonly account: string;
}

/** One text for a target, to look it up by: whoever is meant twice in the same words is meant once. */
export function targetText({ appId, channel, uid, account }: Target): string {
  return JSON.stringify([appId, channel, uid, account]);
}

/** The texts of all targets that mean this user: a store forbids it if it has one of them. */
export function targetsOf({ appId, channel }: ChannelKey, { uid, account }: Named): string[] {
  const users: Pick<Target, 'uid' | 'account'>[] = [{ uid: null, account: null }];
  if (uid !== 0) users.push({ uid, account: null });
  if (account !== '') users.push({ uid: null, account });
  return [channel, null].flatMap((where) =>
    users.map((user) => targetText({ appId, channel: where, ...user })),
  );
}

/** Does a target mean this user of this channel? */
export function means(target: Target, key: ChannelKey, user: Named): boolean {
  return targetsOf(key, user).includes(targetText(target));
}
