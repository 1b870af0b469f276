import type { Model } from '../model.ts';
import { troublesOf } from '../reach.ts';
import { overtakenAt } from '../takeover.ts';
import { type Client, endOf } from '../world.ts';

/** C-17: attempts come every 5 s at the latest; one of them and its round trips fit in here. */
const calmMs = 6_000;
const roundTripsSpared = 10;

/** At the end of the run the client has been there, undisturbed, for long enough to be in step with everybody. */
export function endsCalm(client: Client, model: Model): boolean {
  const { end } = model.world;
  if (endOf(client) <= end || overtakenAt(client) <= end) return false;
  const transitMs = model.down(client).setting(end)?.transitMs ?? 0;
  const since = end - calmMs - roundTripsSpared * 2 * transitMs;
  if (client.joinAt > since) return false;
  const changing = client.path.some((path) => path.from > since);
  if (changing || (model.down(client).setting(end)?.loss ?? 0) > 0) return false;
  if (client.cuts.some((cut) => cut.to > since)) return false;
  return troublesOf(client, model.world).every((trouble) => trouble.to <= since);
}
