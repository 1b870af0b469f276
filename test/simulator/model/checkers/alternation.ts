import type { Model } from '../model.ts';
import type { Report } from '../report.ts';
import type { Client, Told } from '../world.ts';

/** C-21: joined and offline alternate, streams too; nothing about oneself, about strangers or for the wrong class. */
export function judgeAlternation(model: Model, report: Report): void {
  for (const observer of model.world.clients) {
    for (const [uid, list] of observer.about) {
      const accuse = (t: number, text: string): void =>
        report.accuse('C-21', t, observer.name, `${observer.name} was told ${text} of ${uid}`);
      if (uid === observer.uid) {
        for (const told of list) accuse(told.t, `${told.callback.name} of itself: that`);
        continue;
      }
      judgeList(observer, list, accuse);
    }
  }
}

function judgeList(observer: Client, list: readonly Told[], accuse: (t: number, text: string) => void): void {
  let announced = false;
  const streams = new Set<number>();
  for (const { t, callback } of list) {
    switch (callback.name) {
      case 'peer-joined':
        if (announced) accuse(t, 'peer-joined a second time');
        announced = true;
        break;
      case 'peer-offline':
        if (!announced) accuse(t, 'peer-offline, who was not announced: that');
        announced = false;
        streams.clear();
        break;
      case 'stream-added':
        if (observer.kind !== 'web') accuse(t, 'stream-added as no web client');
        if (!announced) accuse(t, 'stream-added before peer-joined');
        if (streams.has(callback.streamId))
          accuse(t, `stream-added of stream ${callback.streamId} a second time`);
        else if (streams.size > 0) accuse(t, `stream-added of a second stream ${callback.streamId}`);
        streams.add(callback.streamId);
        break;
      case 'stream-removed':
        if (observer.kind !== 'web') accuse(t, 'stream-removed as no web client');
        if (!streams.delete(callback.streamId)) {
          accuse(t, `stream-removed of stream ${callback.streamId}, which was not there: that`);
        }
        break;
      default:
        break;
    }
  }
}
