/** What was looked at, and what to do about it. */
export interface Finding {
  readonly what: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly text: string;
}

export function ok(what: string, text: string): Finding {
  return { what, verdict: 'ok', text };
}

/** It works, and somebody should know. */
export function warn(what: string, text: string): Finding {
  return { what, verdict: 'warn', text };
}

/** A server would not start, or nobody would reach it. */
export function fails(what: string, text: string): Finding {
  return { what, verdict: 'fail', text };
}
