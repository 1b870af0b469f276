/** What may be typed to a client, whatever its dialect. */
import type { Role } from '@holdfast/core';
import type { LineCommand } from './client.ts';

/** Why something was not done, or null. */
export type Trouble = string | null;

/** A client as somebody who types sees it. What a dialect does not have is left out. */
export interface Steered {
  leave(): Trouble;
  role(role: Role): Trouble;
  mute(kind: 'audio' | 'video', muted: boolean): Trouble;
  publish(publishing: boolean): Trouble;
  renew(token: string): Trouble;
  send(text: string): Trouble;
  voip?(enabled: boolean): Trouble;
  appState?(state: 'foreground' | 'background'): Trouble;
}

export function commandsOf({ voip, appState, ...client }: Steered) {
  const mute = (muted: boolean) => oneOf(['audio', 'video'] as const, (kind) => client.mute(kind, muted));
  return {
    leave: alone(() => client.leave()),
    role: oneOf(['host', 'audience'] as const, (role) => client.role(role)),
    mute: mute(true),
    unmute: mute(false),
    publish: alone(() => client.publish(true)),
    unpublish: alone(() => client.publish(false)),
    renew: { usage: 'TOKEN', run: (token) => client.renew(token) },
    send: { usage: 'TEXT', run: (text) => (text === '' ? 'say what' : client.send(text)) },
    ...(voip && { voip: oneOf(['on', 'off'] as const, (mode) => voip(mode === 'on')) }),
    ...(appState && {
      background: alone(() => appState('background')),
      foreground: alone(() => appState('foreground')),
    }),
  } satisfies Record<string, LineCommand>;
}

function alone(act: () => Trouble): LineCommand {
  return { usage: '', run: (rest) => (rest === '' ? act() : 'nothing follows it') };
}

function oneOf<Word extends string>(words: readonly Word[], act: (word: Word) => Trouble): LineCommand {
  return {
    usage: words.join('|'),
    run(rest) {
      const word = words.find((each) => each === rest);
      return word === undefined ? `say '${words.join("' or '")}'` : act(word);
    },
  };
}
