/** The settings of audio and video. */
import type { IceServer } from '@holdfast/core';
import { z } from 'zod';

/** `stun:host:port`, or `turn:` and `turns:` with `user:password@` before the host. */
const iceServerPattern = /^(stun|turns?):(?:([^:@\s]+):([^@\s]+)@)?([^@\s]+)$/;

export const mediaSchema = z.strictObject({
  enabled: z.boolean().default(true).meta({
    unit: 'yes or no',
    description: 'Whether the server forwards audio and video, in a process of its own.',
  }),
  port: z.int().min(1).max(65_535).nullable().default(null).meta({
    unit: 'UDP port',
    description: 'The one port of all audio and video; null is the number of the TCP port.',
  }),
  publicAddress: z.union([z.ipv4(), z.ipv6()]).nullable().default(null).meta({
    unit: 'IP address',
    allowed: 'an IP address, or null',
    description:
      'How clients reach the UDP port, where the address differs from those of the machine (behind NAT).',
  }),
  nack: z.boolean().default(true).meta({
    unit: 'yes or no',
    description:
      'Whether packets that were lost are asked for and sent again (NACK). Without it the answer to a loss is a key frame, which is large and goes to every viewer.',
  }),
  iceServers: z
    .array(
      z.string().max(512).regex(iceServerPattern).meta({
        allowed: 'stun:host:port or turn:user:password@host:port, with ?transport=tcp where that is meant',
      }),
    )
    .max(8)
    .default([])
    .meta({
      unit: 'list of servers',
      secret: true,
      description:
        'STUN and TURN servers that clients are told. Clients that may send no UDP need one over TCP. A TURN server without a user in its address gets credentials from `media.turnSecret`.',
    }),
  relayedPort: z.int().min(1).max(65_535).nullable().default(null).meta({
    unit: 'UDP port',
    description:
      'The port to which TURN servers bring the media of clients that they hear by TCP or TLS; null is the number after that of `media.port`. It is open only while `media.iceServers` names such a server.',
  }),
  turnSecret: z.string().min(8).max(256).nullable().default(null).meta({
    unit: 'text',
    allowed: '8 to 256 characters, or null',
    secret: true,
    description:
      'The secret of the TURN servers (coturn: `static-auth-secret`), with which each client is given credentials of its own that end by themselves.',
  }),
  turnSeconds: z.int().min(600).max(604_800).default(86_400).meta({
    unit: 'seconds',
    description: 'How long such credentials are good; clients are told fresh ones after half of it.',
  }),
});

/** Of one entry of `media.iceServers`. */
export function readIceServer(text: string): IceServer {
  const [, scheme = '', username = '', credential = '', place = ''] = iceServerPattern.exec(text) ?? [];
  return { urls: [`${scheme}:${place}`], username, credential };
}
