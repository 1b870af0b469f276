/** The settings that say how much a server takes (C-81). */
import { bounds as contract } from '@holdfast/core';
import { z } from 'zod';
import { defaultBounds } from '../bounds/index.ts';

/** A message of the contract's size, with its frame. */
const messageFrameBytes = contract.messageBytes + 1_000;
/** What waits in an outbox comes at once after an absence; a rate may be used ten seconds ahead. */
const framesMin = contract.outboxMessages / 10 + 50;
const rateMax = 1_000_000;

export const boundsSchema = z.strictObject({
  frameBytes: bytes(
    messageFrameBytes,
    16_000_000,
    defaultBounds.frameBytes,
    'A frame of a user who is in a channel. A larger one ends the connection with 4302.',
  ),
  firstFrameBytes: bytes(
    messageFrameBytes,
    16_000_000,
    defaultBounds.firstFrameBytes,
    'The first frame of a connection; it may carry a picture of the channel. A larger one ends the connection with 4302.',
  ),
  firstFrameMs: ms(
    100,
    60_000,
    defaultBounds.firstFrameMs,
    'A connection that has not brought its first frame after this is ended with 4005.',
  ),
  headerMs: ms(
    100,
    60_000,
    defaultBounds.headerMs,
    'A connection whose HTTP header has not come after this is cut.',
  ),
  channelNameBytes: count(
    1,
    contract.nameBytes,
    defaultBounds.channelNameBytes,
    'bytes',
    "A channel's name; a longer one fails with 4311.",
  ),
  uidMin: count(1, 0xffff_ffff, defaultBounds.uidMin, 'uid', 'The least uid that a user may choose.'),
  uidMax: count(
    1,
    0xffff_ffff,
    defaultBounds.uidMax,
    'uid',
    'The greatest uid that a user may choose; one beyond fails with 4312.',
  ),
  channels: count(
    1,
    10_000_000,
    defaultBounds.channels,
    'channels',
    'Channels on this server. The join that would open one more is told to come again (4003).',
  ),
  channelsPerApp: count(
    1,
    10_000_000,
    defaultBounds.channelsPerApp,
    'channels',
    'Channels of one app on this server.',
  ),
  usersPerChannel: count(
    1,
    1_000_000,
    defaultBounds.usersPerChannel,
    'users',
    'Users of one channel, those included that left within `limits.sessionKeepMs`. One more is told to come again (4003).',
  ),
  connections: count(
    1,
    10_000_000,
    defaultBounds.connections,
    'connections',
    'Open connections. One more is told to come again (4003).',
  ),
  connectionsPerAddress: count(
    1,
    10_000_000,
    defaultBounds.connectionsPerAddress,
    'connections',
    'Open connections from one address. One more is told to come again (4003).',
  ),
  pendingConnections: count(
    1,
    10_000_000,
    defaultBounds.pendingConnections,
    'connections',
    'Connections that have not brought a first frame. For one more, the one that has waited longest is ended.',
  ),
  pendingPerAddress: count(
    1,
    10_000_000,
    defaultBounds.pendingPerAddress,
    'connections',
    'The same for one address.',
  ),
  connectionsPerSecondPerAddress: rate(
    1,
    defaultBounds.connectionsPerSecondPerAddress,
    'New connections from one address. One more is told to come again (4003), or cut if even that is too much.',
  ),
  joinsPerSecondPerAddress: rate(
    1,
    defaultBounds.joinsPerSecondPerAddress,
    'Joins from one address for which no token names the very user. One more is told to come again (4003).',
  ),
  joinsPerSecondPerUser: rate(
    1,
    defaultBounds.joinsPerSecondPerUser,
    'Joins of one user with a token that names it; they do not count for its address. One more is told to come again (4003).',
  ),
  joinsPerSecondPerApp: rate(1, defaultBounds.joinsPerSecondPerApp, 'Joins of one app on this server.'),
  framesPerSecond: rate(
    framesMin,
    defaultBounds.framesPerSecond,
    'Frames on one connection. One more ends it with 4006.',
  ),
  messagesPerSecond: z.int().min(1).max(rateMax).nullable().default(defaultBounds.messagesPerSecond).meta({
    unit: 'per second',
    description:
      'Messages of one user. The SDK refuses more (error 115); a client that sends them all the same is ended with 4006. null: as many as it likes.',
  }),
  sendQueueBytes: bytes(
    100_000,
    1_000_000_000,
    defaultBounds.sendQueueBytes,
    'What may wait for a client that reads slowly; beyond it the connection is ended with 4002.',
  ),
  restBodyBytes: bytes(
    1_000,
    10_000_000,
    defaultBounds.restBodyBytes,
    'The body of a REST request; a larger one is answered with 413.',
  ),
  keyFailuresPerMinute: count(
    1,
    10_000,
    defaultBounds.keyFailuresPerMinute,
    'per minute',
    'Wrong keys of operators from one address; beyond it every request with a key from there is answered with 429 for a while.',
  ),
});

function rate(min: number, fallback: number, description: string) {
  return count(min, rateMax, fallback, 'per second', description);
}

function bytes(min: number, max: number, fallback: number, description: string) {
  return count(min, max, fallback, 'bytes', description);
}

function ms(min: number, max: number, fallback: number, description: string) {
  return count(min, max, fallback, 'ms', description);
}

function count(min: number, max: number, fallback: number, unit: string, description: string) {
  return z.int().min(min).max(max).default(fallback).meta({ unit, description });
}
