/**
 * Hands callbacks to the application: in order, one at a time, and never inside one of the application's own
 * calls. So `joinChannel` has returned before its first callback comes, and a callback may join or leave.
 * A callback that throws disturbs nobody: the error is reported and the next callback follows.
 */
export class Delivery {
  #jobs: (() => void)[] = [];
  #scheduled = false;
  readonly #report: (error: unknown) => void;

  /** @param report surfaces what a callback threw */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Calls `job` after everything added before it, as soon as the running code has returned. */
  add(job: () => void): void {
    this.#jobs.push(job);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#run());
  }

  #run(): void {
    for (let next = 0; next < this.#jobs.length; next += 1) {
      try {
        this.#jobs[next]?.();
      } catch (error) {
        this.#report(error);
      }
    }
    this.#jobs = [];
    this.#scheduled = false;
  }
}
