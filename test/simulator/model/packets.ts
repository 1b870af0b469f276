import { leaseMs, storeRoundTripMs, storeSettlesMs } from './silence.ts';
import type { Client, Packet, User, World } from './world.ts';

/**
 * Settles which payloads are packets without doubt. A doubtful one may count or not: it allows an edge that it
 * would forbid if it counted, and puts off one that would be due if it did not. In doubt are
 *  - what a server reads on a connection after a newer one of the same client, unless the client reads from the
 *    older one later on: it may be fenced, and "a fenced connection can neither send nor receive" (C-41);
 *  - what a server reads from a client after a newer client of the same uid spoke up (C-40);
 *  - what a client reads on a connection that brings it nothing else: a refusal does not end a silence.
 *  - what a server reads while it cannot reach its store: others may have taken its users over (C-54, C-55);
 *  - what has come while a server of a cluster stood still for longer than its lease was good, for the same reason (C-58).
 * A connection's first payload counts for the server: an authenticated attempt is a packet (C-56). What follows
 * a client's own goodbye is no packet of anybody.
 */
export function settlePackets(world: World): void {
  settleStore(world);
  settleLeases(world);
  for (const client of world.clients) {
    settleRead(client);
    settleHeard(client);
  }
  for (const channel of world.channels.values()) {
    for (const user of channel.users.values()) settleUser(user);
  }
}

function settleStore({ clients, storeTroubles }: World): void {
  for (const { server, from, to } of storeTroubles) {
    for (const { heard } of clients)
      for (const packet of heard) {
        // Its holder is not told of an attempt that comes to another server.
        const reaches = server === null ? !packet.first : packet.connection.server !== server;
        if (!reaches && packet.t >= from && packet.t <= to + storeSettlesMs) packet.sure = false;
      }
  }
}

function settleLeases({ cluster, clients, servers }: World): void {
  if (!cluster) return;
  for (const { heard } of clients)
    for (const packet of heard) {
      const { freezes = [] } = servers.get(packet.connection.server) ?? {};
      const lapsed = freezes.some(
        ({ from, to }) =>
          to - from > leaseMs - renewMs - storeRoundTripMs &&
          packet.arrived >= from &&
          packet.arrived <= to + storeRoundTripMs,
      );
      if (lapsed) packet.sure = false;
    }
}

function settleRead(client: Client): void {
  for (const packet of client.reads) packet.sure = packet.connection.readCount > 1;
}

function settleHeard(client: Client): void {
  if (client.connections.size < 2) return;
  let newest = client.heard[0]?.connection;
  for (const packet of client.heard) {
    const { connection } = packet;
    if (newest === undefined || connection.firstHeardAt > newest.firstHeardAt) newest = connection;
    else if (connection !== newest && connection.lastReadAt < packet.t) packet.sure = false;
  }
}

function settleUser(user: User): void {
  if (user.clients.some((client) => client.goodbyeAt < Number.POSITIVE_INFINITY)) {
    for (const packet of user.heard) if (packet.t > packet.connection.client.goodbyeAt) packet.sure = false;
    user.heard = user.heard.filter((packet) => packet.t <= packet.connection.client.goodbyeAt);
  }
  if (user.clients.length < 2) return;
  for (const packet of user.heard) {
    if (packet.sure && spokeUpAfter(packet)) packet.sure = false;
  }
}

function spokeUpAfter(packet: Packet): boolean {
  const { client } = packet.connection;
  return client.user.clients.some(
    (other) =>
      other.enteredFrom > client.enteredFrom &&
      other.enteredFrom <= packet.t &&
      // The other lost the race and is out.
      other.failedAt > packet.t,
  );
}

/** So long before a server stands still it may have renewed its lease last. */
const renewMs = 500;
