import type { Model } from '../model.ts';
import { troublesOf, usedServer } from '../reach.ts';
import { at, type Report } from '../report.ts';
import type { Client, Server } from '../world.ts';
import { standbyMaxMs, uselessStandbyMs } from './return.ts';

/** C-51: up to this round trip everybody is elsewhere before 4 s, so that not even A is told. */
const roundTripMaxMs = 300;
/** A client is told of a silence that began with the stop, or up to a heartbeat before, within this. */
const toldWithinMs = 5_000;

/** C-51: in a cluster the death or freeze of one server interrupts nobody. */
export function judgeFailover(model: Model, report: Report): void {
  if (!model.world.cluster) return;
  for (const server of model.world.servers.values()) {
    for (const stop of stopsOf(server)) {
      for (const client of model.world.clients) {
        if (stop + toldWithinMs < model.world.end) judge(client, server, stop, model, report);
      }
    }
  }
}

function stopsOf(server: Server): number[] {
  const stops = [...server.running.map((run) => run.to), ...server.freezes.map((freeze) => freeze.from)];
  return stops.filter((stop) => stop < Number.POSITIVE_INFINITY);
}

function judge(client: Client, server: Server, stop: number, model: Model, report: Report): void {
  if (client.kind === 'web' || client.successAt > stop || !usedServer(client, server.name, stop)) return;
  const told = client.told.find(
    ({ t, callback }) => callback.name === 'interrupted' && t > stop && t <= stop + toldWithinMs,
  );
  if (told === undefined || !undisturbed(client, server, stop, model)) return;
  const text = `${client.name} was told interrupted at ${at(told.t)} after ${server.name} stopped at ${at(stop)}`;
  report.accuse('C-51', told.t, client.name, `${text}, although another server was there`);
}

/** Nothing but that server was in the client's way, and no standby before it forbade the next (C-10). */
function undisturbed(client: Client, server: Server, stop: number, model: Model): boolean {
  const from = stop - uselessStandbyMs - standbyMaxMs;
  const to = stop + toldWithinMs;
  const setting = model.down(client).setting(stop);
  if (setting === null || setting.loss > 0 || 2 * setting.transitMs > roundTripMaxMs) return false;
  if (client.path.some((path) => path.from > from && path.from <= to && path.from > client.joinAt))
    return false;
  if (client.cuts.some((cut) => cut.from <= to && cut.to >= from)) return false;
  for (const other of model.world.servers.values()) {
    if (other === server) continue;
    const there = other.running.some((run) => run.from <= stop && run.to > to);
    if (!there || other.freezes.some((freeze) => freeze.from <= to && freeze.to >= stop)) return false;
  }
  return troublesOf(client, model.world).every(
    (trouble) => trouble.from === stop || trouble.from > to || trouble.to < from,
  );
}
