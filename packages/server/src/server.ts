import {
  type Deadline,
  encodeServerFrame,
  type MediaAnswer,
  type Member,
  type Position,
  type Profile,
} from '@holdfast/core';
import { Channels, type ChannelsParts } from './channels/channels.ts';
import { Admissions } from './gateway/admissions.ts';
import { Connection } from './gateway/connection.ts';
import { Quotas } from './gateway/quotas.ts';
import type { Peer, Socket, SocketEvents } from './gateway/socket.ts';
import type { MediaListener, MediaUser } from './media/port.ts';
import type { ChannelKey } from './store/store.ts';

/** The id is the server's name in the cluster: another one after every restart. */
export type ServerOptions = ChannelsParts;

/** A channel as this server sees it. */
export interface ChannelInfo extends ChannelKey {
  /** Empty while the channel is destroyed and its users' records are still kept (C-34). */
  readonly incarnation: string;
  readonly profile: Profile;
  readonly position: Position;
  readonly members: readonly Member[];
}

/** One server without its process: sockets, time and randomness come from outside. */
export class HoldfastServer implements MediaListener {
  readonly id: string;
  readonly #options: ServerOptions;
  readonly #channels: Channels;
  readonly #quotas: Quotas;
  readonly #admissions: Admissions;
  readonly #connections = new Set<Connection>();
  #accepted = 0;

  constructor(options: ServerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#channels = new Channels(options);
    this.#quotas = new Quotas(this.#channels.bounds, options.now);
    const { agenda } = this.#channels;
    this.#admissions = new Admissions(options.now, (admissions) => agenda.update(admissions));
  }

  /** Takes a transport on; returns what is to be told about it. */
  accept(socket: Socket, peer: Peer): SocketEvents {
    const { settings, now, report, media = null } = this.#options;
    this.#accepted += 1;
    const { bounds } = this.#channels;
    const context = {
      channels: this.#channels,
      media,
      settings,
      bounds,
      quotas: this.#quotas,
      admissions: this.#admissions,
      now,
      report,
    };
    const connection = new Connection(this.#accepted, socket, peer, context, () => {
      this.#connections.delete(connection);
      this.#channels.agenda.remove(connection);
    });
    this.#connections.add(connection);
    this.#channels.agenda.update(connection);
    return connection;
  }

  /** When `tick` is due, in running time. */
  deadline(): Deadline | null {
    const at = this.#channels.agenda.nextAt();
    return at === null ? null : { at, why: 'agenda' };
  }

  /** Judges every limit whose time has come. Read waiting input first (C-3). */
  tick(): void {
    this.#channels.agenda.run(this.#options.now());
    this.#channels.flush();
  }

  /** The process stood still: everyone is asked for a sign of life before any limit is judged (C-3). */
  stalled(): void {
    for (const { held } of this.#channels.all()) {
      for (const user of held.values()) user.handle({ type: 'stalled' });
    }
  }

  // ---- media (C-72) ----

  mediaMoved(): void {
    for (const { held } of this.#channels.all()) {
      for (const { outlet, uid } of held.values()) {
        // Minor 0 does not know it, and an unknown frame would break its connection (C-57).
        if (outlet === null || outlet.minor === 0) continue;
        outlet.send(encodeServerFrame({ type: 'media-place', ...this.#channels.mediaPlace(uid) }));
      }
    }
  }

  mediaAnswered(user: MediaUser, answer: MediaAnswer): void {
    this.#channels.stay(user)?.outlet?.send(encodeServerFrame(answer));
  }

  mediaHeard(user: MediaUser): void {
    this.#channels.stay(user)?.handle({ type: 'heard-elsewhere' });
  }

  channels(): ChannelInfo[] {
    return this.#channels.all().map(({ key, profile, position, members }) => ({
      ...key,
      incarnation: position.incarnation,
      profile,
      position,
      members,
    }));
  }

  get connections(): number {
    return this.#connections.size;
  }

  get sessions(): number {
    return this.#channels.sessions;
  }

  /** Asks every client to go elsewhere within `forMs`, and takes nobody in (C-53). */
  drain(forMs: number): void {
    this.#channels.drain(forMs);
  }

  /** Ends every connection, whose clients look for another server, and hands its users over to the others. */
  async stop(): Promise<void> {
    for (const connection of [...this.#connections]) connection.end('goingAway');
    await this.#options.store.handOver(this.id);
  }
}
