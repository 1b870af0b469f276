/** What both entries of the web dialect export beside the object itself. */
export type { DatedOutage } from '../driver/outages.ts';
export type { FailureCode } from './errors.ts';
export type * from './stream-types.ts';
export type * from './types.ts';
