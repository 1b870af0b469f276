export { addressGroup } from './address-group.ts';
export { Allowance } from './allowance.ts';
export { type Bounds, defaultBounds } from './bounds.ts';
export { Meter } from './meter.ts';
