export { CertificateError } from './certificate.ts';
export { ProcessClock } from './clock.ts';
export { ListenError } from './http.ts';
export { createLog } from './log.ts';
export { ServerProcess } from './server-process.ts';
export { endOnSignals, endOnSurprise } from './signals.ts';
export { createMemoryStore, createRedisStore, RedisSetupError } from './stores.ts';
