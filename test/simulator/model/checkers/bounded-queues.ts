import type { Model } from '../model.ts';
import type { Report } from '../report.ts';

const entriesMax = 2_000;
const bytesMax = 1_048_576;

/** C-63: every queue is bounded on both ends. */
export function judgeBoundedQueues(model: Model, report: Report): void {
  for (const { t, process, entries, bytes } of model.world.queues) {
    if (entries > entriesMax) {
      report.accuse(
        'C-63',
        t,
        process,
        `a queue of ${process} held ${entries} entries, more than ${entriesMax}`,
      );
    }
    if (bytes > bytesMax) {
      report.accuse('C-63', t, process, `a queue of ${process} held ${bytes} bytes, more than ${bytesMax}`);
    }
  }
}
