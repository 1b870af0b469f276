/**
 * What a row left behind, with everything a drawing of it needs. Plain data: it crosses into the page as JSON. Times
 * are whole ms since the row began; what is not there is left out.
 */
export interface Recorded {
  /** As it stands in addresses and file names; no two rows share one. */
  readonly slug: string;
  readonly title: string;
  readonly endMs: number;
  /** The silences (ms) after which somebody is told something. */
  readonly limits: readonly number[];
  readonly deeds: readonly Deed[];
  readonly links: readonly Link[];
  readonly observers: readonly Observer[];
}

/** What was done: `cut the network of A`. */
export interface Deed {
  readonly at: number;
  readonly text: string;
}

/** One user's way to the servers. */
export interface Link {
  readonly of: string;
  /** When packets were delivered from the user. */
  readonly up: readonly number[];
  /** When packets were delivered to the user. */
  readonly down: readonly number[];
  readonly dark: readonly Dark[];
  /** When the user was back in the channel on another way, which is not drawn. */
  readonly elsewhereAt?: number;
}

export interface Dark {
  readonly way: 'up' | 'down';
  readonly from: number;
  readonly to: number;
}

export interface Observer {
  readonly role: string;
  readonly platform: string;
  readonly told: readonly Told[];
  readonly ended?: { readonly at: number; readonly how: string };
}

/** A callback that came, or that had to. */
export interface Told {
  /** Short, for the drawing: `onUserOffline A`. */
  readonly name: string;
  /** With all arguments. */
  readonly call: string;
  /** When it came; without it, it never did. */
  readonly at?: number;
  /** When it had to come. Without it only the order counts, or nobody expected it. */
  readonly due?: Due;
  readonly promise?: string;
  /** Its lateness is counted under this name. */
  readonly figure?: string;
  /** What it violated. */
  readonly broke?: string;
}

/** Between `least` and `most` ms after something. */
export interface Due {
  /** What the time counts from, in words. */
  readonly after: string;
  /** When that was; without it, it never was. */
  readonly since?: number;
  readonly least: number;
  readonly most: number;
}
