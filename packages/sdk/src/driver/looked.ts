/**
 * Looks into something that an application has passed in. A getter, a proxy, or one that was revoked may throw at any
 * look, and a public method throws nothing (C-80).
 * @param otherwise the answer where it cannot be looked at
 */
export function looked<T, U>(look: () => T, otherwise: U): T | U {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
