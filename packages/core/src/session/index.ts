export type { Missed } from './client/inbox.ts';
export type { SendRefusal } from './client/outbox.ts';
export * from './client/record.ts';
export { ClientSession } from './client/session.ts';
export * from './client/types.ts';
export * from './running-clock.ts';
export * from './server/session.ts';
