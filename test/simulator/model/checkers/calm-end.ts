import type { Model } from '../model.ts';
import { at, type Report } from '../report.ts';
import { no, yes } from '../signal.ts';
import { lateMaxMs } from '../silence.ts';
import type { Client } from '../world.ts';
import { endsCalm } from './calm.ts';
import { changesOf, stateAt, viewsOf } from './picture.ts';
import { pendingAt } from './return.ts';

/** After calm everybody is in the channel, and every picture is the truth, whatever happened before (C-17, C-22). */
export function judgeCalmEnd(model: Model, report: Report): void {
  const { end } = model.world;
  for (const client of model.world.clients) {
    if (!endsCalm(client, model)) continue;
    if (client.successAt > end || pendingAt(client, end)) {
      const what = client.successAt > end ? 'has not joined' : 'is not back in the channel';
      report.accuse('C-17', end, client.name, `${client.name} ${what} at the end of a run that ended calm`);
      continue;
    }
    judgePictures(client, model, report);
  }
}

function judgePictures(observer: Client, model: Model, report: Report): void {
  const { end } = model.world;
  const down = model.down(observer);
  const told = end - lateMaxMs - (down.setting(end)?.transitMs ?? 0);
  for (const user of observer.channel.users.values()) {
    if (user === observer.user) continue;
    for (const { what, view } of viewsOf(observer, model.presence(user))) {
      const shown = stateAt(changesOf(observer, user.uid, what), end);
      const truth = shown ? view.truth : view.forNewcomers;
      const value = truth.at(end);
      let since = Math.max(truth.times.at(-1) ?? end, observer.successAt);
      for (const spared of view.spared) if (since < spared.to && spared.from <= since) since = spared.to;
      // What falls due while the observer is in step is judged by its deadline already.
      if (since > told || down.by(since + lateMaxMs) <= end) continue;
      if (value === (shown ? no : yes)) {
        const text = `${observer.name} ends with the ${what} of ${user.uid} ${shown ? 'there' : 'gone'}`;
        const truthText = `although it is ${shown ? 'gone' : 'there'} since ${at(since)}`;
        report.accuse('C-22', end, observer.name, `${text}, ${truthText}`);
      }
    }
  }
}
