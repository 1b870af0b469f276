/** What is fuzzed: a name is a file in `targets/`, a folder in `corpus/`, and what `--target` takes. */
export const targets = [
  ...(['frames', 'token', 'config', 'http', 'client-session', 'server-session', 'gateway'] as const),
] as const;

export type TargetName = (typeof targets)[number];

/** Those that answer with a promise. */
export const waiting: readonly TargetName[] = ['http', 'gateway'];
