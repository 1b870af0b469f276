export * from './codec.ts';
export * from './error.ts';
export * from './frames.ts';
