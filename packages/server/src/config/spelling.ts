/** The word of `known` that is nearest to a mistyped one, or null if none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const scored = known.map((candidate) => ({
    candidate,
    steps: distance(word.toLowerCase(), candidate.toLowerCase()),
  }));
  const best = scored.reduce((a, b) => (b.steps < a.steps ? b : a), {
    candidate: '',
    steps: Number.POSITIVE_INFINITY,
  });
  return best.steps <= Math.min(word.length - 1, Math.max(2, Math.floor(word.length / 3)))
    ? best.candidate
    : null;
}

/** How many letters have to be added, dropped or replaced to make `a` into `b`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
