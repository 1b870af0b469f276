/** What the page needs of a dialect: somebody to join and leave with, who says everything that the app is told. */
import type { Platform } from '@holdfast/core';
import type { DatedOutage } from '@holdfast/sdk/native';

export interface JoinRequest {
  readonly platform: Platform;
  readonly channel: string;
  readonly uid: number;
  readonly servers: readonly string[];
}

/** What a callback is about; it decides its colour. */
export type Kind = 'state' | 'trouble' | 'good' | 'people' | 'plain';

/** A callback as the app got it. */
export interface Callback {
  readonly name: string;
  /** The dialect's own arguments. */
  readonly args: readonly unknown[];
  readonly kind: Kind;
  /** What its numbers mean, or empty. */
  readonly meaning: string;
}

export type Status = 'out' | 'joining' | 'connected' | 'reconnecting' | 'lost' | 'failed';

/** Somebody else, as far as callbacks have told. */
export interface Person {
  readonly uid: number | string;
  /** Whether there is a stream; undefined where the dialect does not say. */
  readonly stream: boolean | undefined;
  readonly name: string;
  /** Whether its video is muted, and its sound. */
  readonly muted: boolean;
  readonly silent: boolean;
  /** Whether its picture stands still, as the app has been told. */
  readonly still: boolean;
  /** Shows its picture in an element; undefined where there is none. */
  readonly play: ((elementId: string) => void) | undefined;
  /** The browser wants a gesture before it plays the sound: this, called from one, plays it. */
  readonly unblock: (() => void) | undefined;
}

/** Who listens. */
export interface Listener {
  callback(callback: Callback): void;
  status(status: Status): void;
  /** Somebody is there, or something about them has changed. */
  present(person: Partial<Person> & Pick<Person, 'uid'>): void;
  absent(uid: number | string): void;
  /** Of the own network, both ways: 1 excellent … 5 very bad, 6 down, 0 not known. Told every 2 s, so it is no line of its own. */
  quality(up: number, down: number): void;
  outage(record: DatedOutage): void;
  /** The own picture may be shown, or is another one. */
  ownPicture(play: (elementId: string) => void, of: PictureOf): void;
  /** For the list of what happened. */
  note(text: string): void;
}

export type PictureOf = 'camera' | 'screen' | 'nothing';

export type DeviceKind = 'audio' | 'video';

export interface Device {
  readonly kind: DeviceKind;
  readonly id: string;
  readonly label: string;
}

/** What a dialect whose pictures flow can do with its own. */
export interface Studio {
  devices(): Promise<Device[]>;
  use(kind: DeviceKind, id: string): void;
  share(on: boolean): void;
}

export interface Client {
  leave(): void;
  /** To everybody in the channel. @throws Error if the SDK refuses and says so by a result */
  send(text: string): void;
  mute(kind: DeviceKind, muted: boolean): void;
  readonly studio?: Studio;
}

/** The names under which a dialect tells of an outage; undefined: it does not. */
export interface TroubleNames {
  readonly interrupted: string | undefined;
  readonly lost: string | undefined;
  readonly rejoined: string | undefined;
  /** What the others of this dialect are told, and after which of the servers' limits. */
  readonly othersGone: string;
}

export interface Dialect {
  readonly platforms: readonly Platform[];
  readonly names: TroubleNames;
  /** Begins to join. @throws Error if the SDK refuses */
  join(request: JoinRequest, listener: Listener): Client;
}
