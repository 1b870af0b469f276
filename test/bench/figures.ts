/** One measured number, and what it should be at most; `goal` null: measured for the record. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
  readonly ok: boolean;
}

export type Figures = Record<string, Figure>;

export function figure(value: number, unit: string, goal: number | null = null): Figure {
  const rounded = Number(value.toPrecision(4));
  return { value: rounded, unit, goal, ok: goal === null || value <= goal };
}

/** The value that a share of all values does not exceed. @param share 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function lines(figures: Figures): string[] {
  return Object.entries(figures).map(([name, { value, unit, goal, ok }]) => {
    const judged = goal === null ? '' : `   ${ok ? 'ok' : 'MISSED'}, goal ≤ ${goal} ${unit}`;
    return `  ${name.padEnd(36)} ${`${value}`.padStart(9)} ${unit}${judged}`;
  });
}

export function missed(figures: Figures): string[] {
  return Object.entries(figures)
    .filter(([, { ok }]) => !ok)
    .map(([name, { value, unit, goal }]) => `${name}: ${value} ${unit}, goal ≤ ${goal} ${unit}`);
}
