import { background } from './background.ts';
import { departures } from './departures.ts';
import { endings } from './endings.ts';
import { losses } from './losses.ts';
import { messages } from './messages.ts';
import { operators } from './operators.ts';
import { outages } from './outages.ts';
import { pages } from './pages.ts';
import { pictures } from './pictures.ts';
import { returns } from './returns.ts';
import { servers } from './servers.ts';
import type { Situation } from './situation.ts';
import { takeovers } from './takeovers.ts';
import { tokens } from './tokens.ts';

export const situations: readonly Situation[] = [
  ...outages,
  ...returns,
  ...departures,
  ...endings,
  ...takeovers,
  ...pictures,
  ...background,
  ...pages,
  ...messages,
  ...tokens,
  ...operators,
  ...losses,
  ...servers,
];
