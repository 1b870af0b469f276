export * from './contract/index.ts';
export * from './presence/index.ts';
export * from './session/index.ts';
export * from './wire/index.ts';
