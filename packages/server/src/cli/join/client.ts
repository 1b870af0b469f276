/** What `holdfast join` needs of a dialect: a client that can be driven by lines and says what it is told. */
import type { Platform, Profile, Role } from '@holdfast/core';
import type { DatedOutage } from '@holdfast/sdk/native';

/** What the command line asked for. */
export interface JoinRequest {
  readonly channel: string;
  readonly servers: readonly string[];
  readonly appId: string;
  /** As typed; each dialect has its own idea of a uid. */
  readonly uid: string;
  readonly platform: Platform;
  readonly token: string;
  readonly profile: Profile;
  /** Undefined: the dialect's own default. */
  readonly role: Role | undefined;
  readonly publish: boolean;
}

/** The request cannot be carried out as it was typed: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How a line reads to somebody who watches. */
export type Mood = 'good' | 'bad' | 'plain';

/** What a callback means, in few words. */
export interface Meaning {
  readonly words: string;
  readonly mood: Mood;
}

/** A callback as the application would have got it. */
export interface Callback extends Meaning {
  readonly name: string;
  /** The callback's own arguments, as plain values. */
  readonly args: readonly unknown[];
  /** Its other name, if it has one. */
  readonly alias?: string;
}

/** Who is told what happens. */
export interface Watcher {
  callback(callback: Callback): void;
  /** A reconnection is over (C-90); no callback of any public dialect. */
  outage(record: DatedOutage): void;
  /** Nothing more comes: the client has left, or has failed for this reason. */
  ended(failure: string | null): void;
}

/** A line that may be typed. */
export interface LineCommand {
  /** What follows the name, for the list of what is possible; or empty. */
  readonly usage: string;
  /** @returns why it was not done, or null */
  run(rest: string): string | null;
}

/** One client in one channel. */
export interface Client {
  /** Begins to join. @throws UsageError if the dialect refuses the request; the web dialect says so a moment later */
  join(): undefined | Promise<never>;
  /** What `state` answers: the arguments of `$state`, in the dialect's own values. */
  state(): { readonly args: readonly unknown[] } & Meaning;
  /** Everything that may be typed beside `state` and `help`; `leave` is always among it. */
  readonly commands: Readonly<Record<string, LineCommand>> & { readonly leave: LineCommand };
}

/** Makes a client. @throws UsageError if the request makes no sense in this dialect */
export type Dialect = (request: JoinRequest, watcher: Watcher) => Client;
