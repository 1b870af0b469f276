import { background } from './background.ts';
import { departures } from './departures.ts';
import { outages } from './outages.ts';
import { pictures } from './pictures.ts';
import { servers } from './servers.ts';
import type { Situation } from './situation.ts';
import { takeovers } from './takeovers.ts';

export const situations: readonly Situation[] = [
  ...outages,
  ...departures,
  ...takeovers,
  ...pictures,
  ...background,
  ...servers,
];
