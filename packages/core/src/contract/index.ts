export * from './codes.ts';
export * from './limits.ts';
export * from './media.ts';
export * from './platforms.ts';
export * from './quality.ts';
export * from './reasons.ts';
