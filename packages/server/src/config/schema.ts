/**
 * Every setting of a server in one schema: its unit, default, range and description. The command line's help,
 * docs/settings.md and the error messages are made from it.
 */
import { defaultLimits, drain, halfOpen } from '@holdfast/core';
import { z } from 'zod';
import { certificatePattern } from './apps.ts';
import { boundsSchema } from './bounds.ts';
import { checkConsistency } from './consistency.ts';
import { mediaSchema } from './media.ts';
import { isProxy, originPattern } from './network.ts';

/** For messages and the documentation. */
const redisForms =
  'redis://[user:password@]host[:port][/database], rediss:// with TLS, redis+sentinel://host:port,…/master, or redis+cluster://host:port,…';

/** A day: no limit on silence is longer. */
const longestMs = 86_400_000;
/** A connection that is silent for `halfOpen.pauseMs` is not trusted any more: two heartbeats fit into that (C-16). */
const heartbeatMaxMs = halfOpen.pauseMs / 2;

const limits = z.strictObject({
  interruptedMs: ms(
    100,
    defaultLimits.interruptedMs,
    'Silence after which a client is told that its connection is interrupted.',
  ),
  lostMs: ms(100, defaultLimits.lostMs, 'Silence after which a client is told that its connection is lost.'),
  giveUpMs: msOrNull(
    100,
    defaultLimits.giveUpMs,
    'Silence after which a client gives up and its session fails; null is never.',
  ),
  peerOfflineMs: ms(
    100,
    defaultLimits.peerOfflineMs,
    'Silence of a user after which native and Apple observers are told that it is offline.',
  ),
  streamRemovedMs: ms(
    100,
    defaultLimits.streamRemovedMs,
    'Silence of a user after which web observers are told that its stream is gone.',
  ),
  peerLeaveMs: msOrNull(
    100,
    defaultLimits.peerLeaveMs,
    'Silence of a user after which web observers are told that the peer left; null switches it off.',
  ),
  channelDestroyMs: ms(
    100,
    defaultLimits.channelDestroyMs,
    'An abandoned channel is destroyed when the newest packet of any of its users is this old.',
  ),
  appleGoodbyeMs: msOrNull(
    100,
    defaultLimits.appleGoodbyeMs,
    'A closed connection of an Apple user is taken as its leave this much later; null switches it off (behind proxies that cut connections).',
  ),
  sessionKeepMs: ms(
    100,
    defaultLimits.sessionKeepMs,
    'A session is forgotten this long after its last packet.',
  ),
  heartbeatMs: ms(
    50,
    defaultLimits.heartbeatMs,
    'A direction in which nothing else flows carries a heartbeat this often.',
    heartbeatMaxMs,
  ),
});

export const settingsSchema = z
  .strictObject({
    host: z.string().min(1).max(255).default('127.0.0.1').meta({
      unit: 'address',
      description: 'Where the server listens. Anything but loopback needs `appCertificate`, or `insecure`.',
    }),
    port: z.int().min(0).max(65_535).default(7880).meta({
      unit: 'TCP port',
      description: 'For clients and HTTP alike; 0 takes a free one.',
    }),
    publicUrl: address().nullable().default(null).meta({
      unit: 'ws:// or wss:// address',
      description:
        'How clients reach this server, where that differs from the name they used. They are told it at join.',
    }),
    servers: z.array(address()).max(64).default([]).meta({
      unit: 'list of ws:// or wss:// addresses',
      description:
        'Other servers of the cluster that clients may fall back to, besides those that Redis knows; needs `publicUrl` and `redis`. Clients are told them at join.',
    }),
    appId: z.array(z.string().min(1).max(64)).max(1_000).default([]).meta({
      unit: 'list of names',
      description:
        'The app ids that are served, each of at most 64 bytes; an empty list serves every app id.',
    }),
    appCertificate: z
      .array(z.string().regex(certificatePattern).meta({ allowed: '32 hex digits, or app=32 hex digits' }))
      .max(2_000)
      .default([])
      .meta({
        unit: 'list of certificates',
        secret: true,
        description:
          'The certificates with which tokens are signed, each as it is or with the app it is of; two for an app while one replaces the other. An empty list looks at no token.',
      }),
    redis: z
      .string()
      .regex(/^rediss?(\+(sentinel|cluster))?:\/\/\S+$/)
      .max(2_000)
      .meta({ allowed: redisForms })
      .nullable()
      .default(null)
      .meta({
        unit: 'address',
        secret: true,
        description:
          'The Redis (7.0 or newer, or Valkey) over which several servers are one system; null: this server is alone.',
      }),
    redisPrefix: z
      .string()
      .regex(/^[\w.-]{1,64}$/)
      .meta({ allowed: '1 to 64 letters, digits, dots, dashes and underscores' })
      .default('holdfast')
      .meta({
        unit: 'name',
        description:
          'Begins every name in Redis: servers with the same prefix are one system, others never meet.',
      }),
    insecure: z.boolean().default(false).meta({
      unit: 'yes or no',
      description:
        'Lets a server that authenticates nobody listen beyond loopback: anyone who reaches it may join as anyone.',
    }),
    tlsCert: path(
      'The certificate with which the server speaks TLS, as a PEM file; needs `tlsKey`. Read again when it changes, without dropping a connection.',
    ),
    tlsKey: path('Its private key, as a PEM file.'),
    origins: z
      .array(
        z.string().max(300).regex(originPattern).meta({ allowed: '*, null, https://host or https://*.host' }),
      )
      .max(1_000)
      .default([])
      .meta({
        unit: 'list of origins',
        description:
          'The pages that may connect from a browser; the others are answered with 403. An empty list takes every page where `appCertificate` is set, else pages of the same host or of this machine.',
      }),
    trustProxy: z
      .array(
        z
          .string()
          .max(64)
          .refine(isProxy)
          .meta({ allowed: 'an address, a network like 10.0.0.0/8, or alone the number of proxies' }),
      )
      .max(1_000)
      .default([])
      .meta({
        unit: 'list of addresses',
        description:
          "The proxies in front, which are believed about where their clients come from. For anybody else's connections what a header says about that is not looked at.",
      }),
    proxyHeader: z.enum(['x-forwarded-for', 'forwarded']).default('x-forwarded-for').meta({
      unit: 'choice',
      description:
        'Where the proxies of `trustProxy` say it. They must write this header themselves, or add to it.',
    }),
    apiKey: z
      .string()
      .min(16)
      .max(256)
      .meta({ allowed: 'a text of 16 to 256 characters' })
      .nullable()
      .default(null)
      .meta({
        unit: 'text',
        secret: true,
        description:
          'The key of operators: with it they see and remove users by REST from anywhere. Without one the server shows itself to this machine only, and removes nobody.',
      }),
    sameUid: z.enum(['replace', 'refuse']).default('replace').meta({
      unit: 'choice',
      description:
        'When a uid joins again: `replace` hands the session to the newcomer; `refuse` keeps the first one while its connection answers.',
    }),
    drainMs: ms(
      0,
      drain.forMs,
      'How long a server that is told to end (SIGTERM) gives its clients to move to another one; 0 stops at once.',
      3_600_000,
    ),
    logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').meta({
      unit: 'choice',
      description:
        'The least serious message that is logged. error: somebody should look today; warn: something was refused or stood still.',
    }),
    media: mediaSchema.prefault({}),
    limits: limits.prefault({}),
    bounds: boundsSchema.prefault({}),
  })
  .superRefine(checkConsistency);

/** The settings of one server, complete and consistent. Durations are milliseconds. */
export type Settings = z.output<typeof settingsSchema>;

function path(description: string) {
  return z.string().min(1).max(4_096).nullable().default(null).meta({ unit: 'file', description });
}

function ms(min: number, fallback: number, description: string, max = longestMs) {
  return z.int().min(min).max(max).default(fallback).meta({ unit: 'ms', description });
}

function msOrNull(min: number, fallback: number | null, description: string) {
  return z.int().min(min).max(longestMs).nullable().default(fallback).meta({ unit: 'ms', description });
}

function address() {
  return z.url({ protocol: /^wss?$/ }).max(2_048);
}
