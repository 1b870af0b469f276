export type { ChannelView } from './channels-view.ts';
export { EventLog } from './log.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { type DatedOutage, OutageBook } from './outages.ts';
export { addRoutes } from './rest.ts';
