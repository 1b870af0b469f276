export * from './client/record.ts';
export { ClientSession } from './client/session.ts';
export * from './client/types.ts';
export * from './running-clock.ts';
export * from './server/session.ts';
