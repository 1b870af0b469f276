import type { Reach } from './reach.ts';
import type { ServerSilence } from './silence.ts';
import type { Client, World } from './world.ts';

/** The facts with the two measures taken of them: silences, and how far a client's words reach. */
export interface Measured {
  readonly world: World;
  readonly silence: ServerSilence;
  up(client: Client): Reach;
  down(client: Client): Reach;
}
