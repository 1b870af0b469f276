export { addressGroup } from './address-group.ts';
export { Allowance, type Rate } from './allowance.ts';
export { type Bounds, defaultBounds } from './bounds.ts';
export { Meter } from './meter.ts';
