export type { Delivery, DeliveryListener, Direction } from './ledger.ts';
export { createNetwork, type Network, type NetworkOptions, type Route } from './network.ts';
export { RedisProcess, type RedisProcessOptions } from './redis.ts';
export { RedisCluster } from './redis-cluster.ts';
