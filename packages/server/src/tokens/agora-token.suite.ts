/** The package `agora-token` for tests: an issuer and a reader of the format that are not ours. */
import { createRequire } from 'node:module';

interface TheirService {
  readonly __type: number;
  readonly __channel_name: Buffer | string;
  readonly __uid: Buffer | string;
  readonly __privileges: Record<number, number>;
  add_privilege(privilege: number, expire: number): void;
}

interface TheirToken {
  readonly appId: Buffer | string;
  readonly issueTs: number;
  readonly expire: number;
  salt: number;
  readonly services: readonly TheirService[];
  add_service(service: TheirService): void;
  build(): string;
  from_string(token: string): boolean;
  verifySignature(certificate: string): boolean;
}

interface TheirParts {
  AccessToken2: new (appId?: string, certificate?: string, issueTs?: number, expire?: number) => TheirToken;
  Service: new (type: number) => TheirService;
  ServiceRtc: new (channel: string, uid: number | string) => TheirService;
  ServiceRtm: new (uid: string) => TheirService;
  ServiceRtm2: new (uid: string) => TheirService;
  ServiceStreaming: new (channel: string, account: string) => TheirService;
  ServiceFpa: new () => TheirService;
  ServiceChat: new (uid: string) => TheirService;
  ServiceFCdn: new (channel: string, account: string) => TheirService;
  ServiceApaas: new (room: string, user: string, role: number) => TheirService;
  ServiceConvoAI: new () => TheirService;
  ServiceStt: new () => TheirService;
}

/** The package hands out its builders only; its parser lies deeper. */
export const their = createRequire(import.meta.url)('agora-token/src/AccessToken2.js') as TheirParts;

export const app = {
  appId: '970CA35de60c44645bbae8a215061b33',
  certificate: '5CFd2fd1755d40ecb72977518be15d3b',
} as const;

/** Seconds since 1970: when tokens of tests are issued. */
export const issuedAtS = 1_800_000_000;

export interface TheirOrder {
  readonly appId?: string;
  readonly certificate?: string;
  readonly issuedAtS?: number;
  readonly lifetimeS?: number;
  readonly salt?: number;
  readonly services: readonly TheirService[];
}

/** A token as their builder writes it. */
export function theirToken(order: TheirOrder): string {
  const token = new their.AccessToken2(
    order.appId ?? app.appId,
    order.certificate ?? app.certificate,
    order.issuedAtS ?? issuedAtS,
    order.lifetimeS ?? 3_600,
  );
  token.salt = order.salt ?? 1;
  for (const service of order.services) token.add_service(service);
  return token.build();
}

/** An rtc service with privileges by number. */
export function rtc(channel: string, uid: number | string, privileges: Record<number, number>): TheirService {
  return granting(new their.ServiceRtc(channel, uid), privileges);
}

export function granting(service: TheirService, privileges: Record<number, number>): TheirService {
  for (const [privilege, expire] of Object.entries(privileges)) {
    service.add_privilege(Number(privilege), expire);
  }
  return service;
}

/** What their parser finds in a token, in our words; null: it refuses it. */
export function theirReading(token: string) {
  const read = new their.AccessToken2();
  if (!read.from_string(token)) return null;
  return {
    appId: `${read.appId}`,
    issuedAtS: read.issueTs,
    lifetimeS: read.expire,
    salt: read.salt,
    services: read.services
      .filter(({ __type }) => __type === 1)
      .map((service) => ({
        channel: `${service.__channel_name}`,
        uid: `${service.__uid}`,
        privileges: new Map(Object.entries(service.__privileges).map(([key, s]) => [Number(key), s])),
      })),
  };
}

export function theySayItIsSigned(token: string, certificate: string): boolean {
  const read = new their.AccessToken2();
  return read.from_string(token) && read.verifySignature(certificate);
}
