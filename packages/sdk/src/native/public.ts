/** What both entries of the native dialect export beside their way to make an engine. */
export type { DatedOutage } from '../driver/outages.ts';
export { errorText } from '../engine/errors.ts';
export type { StreamMessageGap } from '../engine/messages.ts';
export * from './enums.ts';
export type * from './media-types.ts';
export type * from './types.ts';
