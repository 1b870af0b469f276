/** Who may join: tokens in the format of `agora-token` are read, verified and issued here. No clock, no IO. */
export { isCertificate, tokenTextMax } from './format.ts';
export { issueToken, type TokenOrder, TokenOrderError } from './issue.ts';
export { readToken } from './read.ts';
export type { TokenPrivileges } from './verify.ts';
export { clockAheadMaxS, type TokenClaim, verifyToken } from './verify.ts';
