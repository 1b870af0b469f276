import { Command } from 'commander';
import type { Logger } from 'pino';
import { isLoopback, type Settings } from '../config/index.ts';
import {
  CertificateError,
  createLog,
  createMemoryStore,
  createRedisStore,
  endOnSignals,
  endOnSurprise,
  ListenError,
  ProcessClock,
  RedisSetupError,
  ServerProcess,
} from '../process/index.ts';
import type { Store } from '../store/store.ts';
import { fail } from './failure.ts';
import { settingsOrEnd, withSettings } from './server-settings.ts';

/** `holdfast serve`: one server. */
export function serveCommand(): Command {
  const command = new Command('serve').description('runs one server');
  return withSettings(command).action(async (options: Record<string, unknown>) => {
    await serve(settingsOrEnd(options));
  });
}

async function serve(settings: Settings): Promise<void> {
  const log = createLog(settings.logLevel, 1);
  endOnSurprise(log);
  const clock = new ProcessClock();
  const store = await storeFor(settings, clock, log);
  const media = settings.media.enabled;
  const server = new ServerProcess({ settings, clock, log, store, media });
  try {
    await server.listen();
  } catch (error) {
    if (error instanceof ListenError) fail(1, error.message);
    if (error instanceof CertificateError) fail(2, error.message);
    throw error;
  }
  endOnSignals(log, { drain: () => server.drain(), stop: () => server.stop() });
  if (!isLoopback(settings.host) && settings.appCertificate.length === 0)
    log.warn('insecure: anyone who reaches this server may join as anyone');
}

async function storeFor(settings: Settings, clock: ProcessClock, log: Logger): Promise<Store> {
  if (settings.redis === null) return createMemoryStore(settings, clock);
  try {
    return await createRedisStore(settings, clock, log);
  } catch (error) {
    if (error instanceof RedisSetupError) fail(1, `cannot begin with this Redis: ${error.message}`);
    throw error;
  }
}
