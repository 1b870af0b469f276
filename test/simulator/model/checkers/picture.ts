import type { Presence, View } from '../presence.ts';
import type { Client } from '../world.ts';

/** What an observer was told about one user, as the state it was left in. */
export interface Change {
  readonly t: number;
  readonly on: boolean;
}

export function viewsOf(observer: Client, presence: Presence): { what: 'peer' | 'stream'; view: View }[] {
  if (observer.kind !== 'web') return [{ what: 'peer', view: presence.native }];
  return [
    { what: 'peer', view: presence.web },
    { what: 'stream', view: presence.stream },
  ];
}

/** A `peer-leave` ends the peer's stream (C-21). */
export function changesOf(observer: Client, uid: number, what: 'peer' | 'stream'): Change[] {
  const changes: Change[] = [];
  for (const { t, callback } of observer.about.get(uid) ?? []) {
    if (callback.name === 'peer-offline') changes.push({ t, on: false });
    else if (what === 'peer' && callback.name === 'peer-joined') changes.push({ t, on: true });
    else if (what === 'stream' && callback.name === 'stream-added') changes.push({ t, on: true });
    else if (what === 'stream' && callback.name === 'stream-removed') changes.push({ t, on: false });
  }
  return changes;
}

export function stateAt(changes: readonly Change[], t: number): boolean {
  let on = false;
  for (const change of changes) {
    if (change.t > t) break;
    on = change.on;
  }
  return on;
}
