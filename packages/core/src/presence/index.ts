export * from './member.ts';
export * from './picture.ts';
export * from './sent.ts';
export * from './silence.ts';
export * from './view.ts';
