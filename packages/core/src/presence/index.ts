export * from './member.ts';
export * from './picture.ts';
export * from './view.ts';
