/** What the command has found. It is written as it grows: a run that is interrupted has told what it knew. */
import { writeFileSync } from 'node:fs';
import { type Figures, lines, missed } from '../bench/figures.ts';

export class Report {
  readonly #path: string | undefined;
  readonly #figures: Figures = {};
  readonly #failures: string[] = [];
  readonly #notRun: string[] = [];
  #ended = false;

  /** @param path of the file; without one it is only printed */
  constructor(path: string | undefined) {
    this.#path = path;
    process.once('exit', () => {
      if (this.#ended) return;
      this.fail('interrupted: what follows was not run');
      this.#write();
    });
  }

  /** Figures, in the place of those of the same names. */
  found(figures: Figures): void {
    Object.assign(this.#figures, figures);
    this.#write();
  }

  fail(text: string): void {
    console.log(`  FAILED ${text}`);
    this.#failures.push(text);
  }

  notRun(what: string): void {
    console.log(`not run: ${what}`);
    this.#notRun.push(what);
  }

  /** @returns whether every promise was kept and every goal met */
  end(): boolean {
    this.#ended = true;
    const all = this.#write();
    for (const line of lines(this.#figures)) console.log(line);
    for (const failure of all) console.error(failure);
    return all.length === 0;
  }

  #write(): string[] {
    const failures = [...this.#failures, ...missed(this.#figures)];
    const ok = this.#ended && failures.length === 0;
    const text = JSON.stringify({ ok, figures: this.#figures, failures, notRun: this.#notRun }, null, 2);
    if (this.#path !== undefined) writeFileSync(this.#path, `${text}\n`);
    return failures;
  }
}
