import type { Class } from '../dialects.ts';
import type { Expected, Finding, Lateness } from '../judge.ts';
import { promised } from '../promises.ts';
import type { Limits } from '../rows.ts';
import type { Role, Scene } from '../scene.ts';
import type { NetworkKind } from '../way.ts';

/** What a row measures and does not judge. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** How somebody takes part, where it is not as usual. Usual: in the communication profile, publishing. */
export interface Part {
  readonly profile?: 'communication' | 'live';
  /** In the live profile, where the usual is a host. */
  readonly role?: 'audience';
  readonly publishes?: false;
  /** Of the web where its side is native or apple, and native where its side is of the web. */
  readonly otherClass?: boolean;
  /** The first of its servers' addresses leads nowhere. */
  readonly knowsDeadServer?: boolean;
  /** 0: the server assigns one. */
  readonly uid?: 0;
  /** What it shows to the server. */
  readonly credentials?: (channel: string, uid: number) => { readonly appId: string; readonly token: string };
  /** How its network is, where it is not perfect. */
  readonly network?: NetworkKind;
}

/** What happens to A, and what everybody must be told about it. Valid for every pair of platforms. */
export interface Situation {
  readonly name: string;
  /** What it is there to prove, as `C-…`. */
  readonly promises: string;
  /** It does something to the server, so it cannot share one; `two`: it needs two servers of one cluster. */
  readonly ownServer?: boolean | 'two';
  /** Limits of its server that differ from the defaults. */
  readonly limits?: Limits;
  /** Other settings of its server. */
  readonly settings?: Readonly<Record<string, unknown>> & { readonly apiKey?: string };
  /** Code that A's process, which is harmed, runs before the program. */
  readonly prelude?: string;
  /** Whose process is killed, frozen or restarted: it is not shared with other rows. */
  readonly harms?: readonly Role[];
  /** Users of the web are pages of a real browser; `tabs`: pages that can be hidden. */
  readonly inBrowser?: boolean | 'tabs';
  /** The channel's profile; default communication. */
  readonly profile?: 'live';
  readonly parts?: Partial<Record<Role, Part>>;
  /** C is in the channel from the start. */
  readonly third?: boolean;
  /** Nobody but A is in the channel. */
  readonly alone?: boolean;
  /** A is not yet in the channel when the row begins. */
  readonly joinsLater?: boolean;
  /** Only for these classes of A. */
  readonly onlyFor?: readonly Class[];
  /** What not every machine can do; where it cannot, the report says so. */
  readonly needs?: 'loss';
  /** Takes a minute or more: it plays only where that is asked for. */
  readonly long?: boolean;
  /** Part of the short selection. */
  readonly short?: boolean;
  /** Plays it. The row ends when this resolves; leave time for what must not be said. */
  play(scene: Scene): Promise<void>;
  /** For each role, the acceptable stories. */
  readonly told: Partial<Record<Role, (scene: Scene) => Expected[][]>>;
  /** What else must be true, besides callbacks. */
  facts?(scene: Scene): { findings: Finding[]; lateness?: Lateness[]; figures?: Measured[] };
}

/** How long rows listen after the last thing that is to happen, in ms. */
export const listenOn = 2_500;

export const nothing = (): Expected[][] => [[]];

/** Somebody who has left, and no trace of it: every connection is closed, nothing is tried any more (C-14). */
export function nothingIsLeft(scene: Scene, role: Role): { findings: Finding[] } {
  const { network, packets } = scene.person(role);
  const over = (scene.marked('left') ?? 0) + promised.leave + promised.lateness;
  const later = packets.between('up', over, scene.endedAt).length;
  const text = `${network.connectionCount} connections were left, ${later} packets came after the leave was over`;
  return { findings: network.connectionCount + later > 0 ? [fact(role, 'C-14', text)] : [] };
}

export function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}

/** A fact that does not hold. */
export function fact(who: string, promise: string, text: string): Finding {
  return { kind: 'fact', who, promise, text };
}
