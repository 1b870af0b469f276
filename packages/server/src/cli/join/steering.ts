/** What may be typed to a client whose methods answer with numbers: native and apple. */
import type { Role } from '@holdfast/core';
import { errorText } from '@holdfast/sdk/native';
import { type Client, UsageError } from './client.ts';

/** An engine as somebody who types sees it; results are 0 or a negative error code. */
export interface Steered {
  leave(): number;
  setRole(role: Role): number;
  muteAudio(muted: boolean): number;
  muteVideo(muted: boolean): number;
  publish(publishing: boolean): number;
  renew(token: string): number;
  voip(enabled: boolean): number;
  appState(state: 'foreground' | 'background'): number;
}

/** @throws UsageError for an error code */
export function accepted(result: number): void {
  if (result < 0) throw new UsageError(said(result) ?? '');
}

/** @throws UsageError if the uid is no number */
export function numberOf(uid: string): number {
  if (!/^\d{1,10}$/.test(uid)) throw new UsageError(`a uid is a number from 0 to 4294967295, not '${uid}'`);
  return Number(uid);
}

export function commandsOf(engine: Steered): Client['commands'] {
  const nothing = (rest: string, act: () => number) => (rest === '' ? said(act()) : `nothing follows it`);
  const mute = (muted: boolean) => (kind: string) => {
    if (kind === 'audio') return said(engine.muteAudio(muted));
    if (kind === 'video') return said(engine.muteVideo(muted));
    return "say 'audio' or 'video'";
  };
  return {
    leave: { usage: '', run: (rest) => nothing(rest, () => engine.leave()) },
    role: {
      usage: 'host|audience',
      run: (role) =>
        role === 'host' || role === 'audience' ? said(engine.setRole(role)) : "say 'host' or 'audience'",
    },
    mute: { usage: 'audio|video', run: mute(true) },
    unmute: { usage: 'audio|video', run: mute(false) },
    publish: { usage: '', run: (rest) => nothing(rest, () => engine.publish(true)) },
    unpublish: { usage: '', run: (rest) => nothing(rest, () => engine.publish(false)) },
    renew: { usage: 'TOKEN', run: (token) => said(engine.renew(token)) },
    voip: {
      usage: 'on|off',
      run: (mode) =>
        mode === 'on' || mode === 'off' ? said(engine.voip(mode === 'on')) : "say 'on' or 'off'",
    },
    background: { usage: '', run: (rest) => nothing(rest, () => engine.appState('background')) },
    foreground: { usage: '', run: (rest) => nothing(rest, () => engine.appState('foreground')) },
  };
}

function said(result: number): string | null {
  return result < 0 ? `${errorText(result)} (${result})` : null;
}
