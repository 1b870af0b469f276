import type { Bounds } from '../bounds/index.ts';
import type { Channels } from '../channels/channels.ts';
import type { Report } from '../events.ts';
import type { MediaPort } from '../media/port.ts';
import type { ServerSettings } from '../settings.ts';
import type { Admissions } from './admissions.ts';
import type { Quotas } from './quotas.ts';

/** What every connection of a server has in common. */
export interface GatewayContext {
  readonly channels: Channels;
  readonly media: MediaPort | null;
  readonly settings: ServerSettings;
  readonly bounds: Bounds;
  readonly quotas: Quotas;
  readonly admissions: Admissions;
  readonly now: () => number;
  readonly report: Report;
}
