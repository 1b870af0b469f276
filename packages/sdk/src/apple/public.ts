/** What both entries of the apple dialect export beside the kit. */
export type { DatedOutage } from '../driver/outages.ts';
export type { StreamMessageGap } from '../engine/messages.ts';
export * from './numbers.ts';
export type * from './types.ts';
