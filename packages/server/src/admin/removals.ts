/** Whom the operator removes, by REST (C-44). */
import { bounds } from '@holdfast/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Store, Target } from '../store/store.ts';

export interface RemovalSources {
  readonly store: Pick<Store, 'remove' | 'ban' | 'unban' | 'bans'>;
  /** Meant where a request names no app; null: it must. */
  readonly onlyApp: string | null;
  /** Something was done: for the log. */
  readonly done: (action: string, target: Target, seconds: number | null) => void;
}

const name = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= bounds.nameBytes && !/\p{Cc}/u.test(text), {
    error: `must be 1 to ${bounds.nameBytes} bytes without control characters`,
  });
const app = { appId: name.optional() };
const user = { uid: z.int().min(1).max(0xffff_ffff).optional(), account: name.optional() };
/** A year at the longest. */
const seconds = z.int().min(1).max(31_536_000);

const oneUser = (asked: { uid?: number | undefined; account?: string | undefined }) =>
  (asked.uid === undefined) !== (asked.account === undefined);
const oneUserAtMost = (asked: { uid?: number | undefined; account?: string | undefined }) =>
  asked.uid === undefined || asked.account === undefined;
const somebody = (asked: {
  channel?: string | undefined;
  uid?: number | undefined;
  account?: string | undefined;
}) => asked.channel !== undefined || asked.uid !== undefined || asked.account !== undefined;

const kick = z
  .strictObject({ ...app, channel: name, ...user })
  .refine(oneUser, { error: 'name the user by uid or by account' });
const close = z.strictObject({ ...app, channel: name, seconds: seconds.optional() });
const unban = z
  .strictObject({ ...app, channel: name.optional(), ...user })
  .refine(oneUserAtMost, { error: 'name a user by uid or by account, not by both' })
  .refine(somebody, { error: 'name a channel, a user, or both' });
const ban = z
  .strictObject({ ...app, channel: name.optional(), ...user, seconds })
  .refine(oneUserAtMost, { error: 'name a user by uid or by account, not by both' })
  .refine(somebody, { error: 'name a channel, a user, or both' });

interface Asked {
  readonly appId?: string | undefined;
  readonly channel?: string | undefined;
  readonly uid?: number | undefined;
  readonly account?: string | undefined;
  readonly seconds?: number | undefined;
}

type Done = Record<string, unknown> | 'not-found';
type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

export function addRemovals(http: FastifyInstance, mayAct: Hook, sources: RemovalSources): void {
  const { store } = sources;
  const route = (
    action: string,
    shape: z.ZodType<Asked>,
    act: (target: Target, asked: Asked) => Promise<Done>,
  ) =>
    http.post(`/v1/${action}`, { onRequest: mayAct }, async (request, reply) => {
      const parsed = shape.safeParse(request.body ?? {});
      if (!parsed.success) return reply.code(400).send({ error: 'bad-request', text: faults(parsed.error) });
      const target = targetOf(parsed.data, sources.onlyApp);
      if (target === null) return reply.code(400).send({ error: 'bad-request', text: whichApp });
      const answer = await act(target, parsed.data);
      if (answer === 'not-found')
        return reply
          .code(404)
          .send({ error: 'not-found', text: 'There is no ban in these words: see /v1/bans.' });
      sources.done(action, target, parsed.data.seconds ?? null);
      return { ok: true, ...answer };
    });

  route('kick', kick, async (target) => {
    await store.remove(target);
    return {};
  });
  route('ban', ban, async (target, { seconds: lasts = 0 }) => {
    await store.ban(target, lasts * 1_000);
    return { seconds: lasts };
  });
  route('close', close, async (target, { seconds: lasts }) => {
    if (lasts === undefined) await store.remove(target);
    else await store.ban(target, lasts * 1_000);
    return lasts === undefined ? {} : { seconds: lasts };
  });
  route('unban', unban, async (target) => ((await store.unban(target)) ? {} : 'not-found'));
  http.get('/v1/bans', { onRequest: mayAct }, async () => ({ bans: await store.bans() }));
}

const whichApp = 'appId: which app? This server serves several, or any.';

function targetOf({ appId, channel, uid, account }: Asked, onlyApp: string | null): Target | null {
  const named = appId ?? onlyApp;
  if (named === null) return null;
  return { appId: named, channel: channel ?? null, uid: uid ?? null, account: account ?? null };
}

/** One line for each fault, with the field and never with its value. */
function faults(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
