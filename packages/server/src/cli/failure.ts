/** Ends the command with lines on standard error. @param code 1: it failed · 2: the command line or a setting is wrong */
export function fail(code: 1 | 2, ...lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`holdfast: ${line}\n`);
  process.exit(code);
}
