/** What attackers were answered, counted. */
export class Answers {
  attempts = 0;
  readonly #counts = new Map<string, number>();

  note(answer: string, count = 1): void {
    this.#counts.set(answer, (this.#counts.get(answer) ?? 0) + count);
  }

  get counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([, one], [, other]) => other - one));
  }
}
