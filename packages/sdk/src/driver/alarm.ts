/** What wakes a stay: in a page, from a place that the browser does not slow down when nobody looks at it (C-10). */

/** A timer that is set again and again. Each setting takes the place of the one before and rings once. */
export interface Alarm {
  /** Rings at the earliest `ms` milliseconds from now. */
  set(ms: number): void;
  /** Never rings again, and nothing of it is left. */
  close(): void;
}

/** An alarm by the timers of this program. */
export function timerAlarm(ring: () => void): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    set(ms) {
      clearTimeout(timer);
      timer = setTimeout(ring, ms);
    },
    close: () => clearTimeout(timer),
  };
}

/**
 * An alarm of pages. Browsers run the timers of a page in the background once a second, later once a minute, but
 * not those of its workers. Every setting goes to the page's own timer and to a worker, and the first of the two
 * rings: a worker that is forbidden, fails, or is slow to start is not missed by a page that is looked at.
 */
export function pageAlarm(ring: () => void): Alarm {
  let latest = 0;
  let rung = 0;
  const rang = (setting: number) => {
    if (setting !== latest || setting === rung) return;
    rung = setting;
    ring();
  };
  const own = timerAlarm(() => rang(latest));
  const worker = startWorker(rang);
  return {
    set(ms) {
      latest += 1;
      own.set(ms);
      worker?.postMessage([latest, ms]);
    },
    close() {
      rung = latest;
      own.close();
      worker?.terminate();
    },
  };
}

/** All that the worker does: it answers the newest setting with its number, when its time has come. */
const workerSource = `
let timer;
onmessage = ({ data: [setting, ms] }) => {
  clearTimeout(timer);
  timer = setTimeout(() => postMessage(setting), ms);
};`;

/** @returns null where there are no workers, or the page's policy forbids this one */
function startWorker(rang: (setting: number) => void): Worker | null {
  try {
    const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
    const worker = new Worker(url);
    // An error is the last that is heard of a worker which could not be loaded: nobody else needs to hear it.
    worker.onerror = (event) => event.preventDefault();
    worker.onmessage = ({ data }) => rang(data);
    URL.revokeObjectURL(url);
    return worker;
  } catch {
    return null;
  }
}
