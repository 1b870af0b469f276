import { departures } from './departures.ts';
import { outages } from './outages.ts';
import { servers } from './servers.ts';
import type { Situation } from './situation.ts';

export const situations: readonly Situation[] = [...outages, ...departures, ...servers];
