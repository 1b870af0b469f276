/** What the two dialects with engines share, native and apple: methods of the same names, which answer with numbers. */
import type { Role } from '@holdfast/core';
import {
  ChannelProfileType as ChannelProfile,
  ClientRoleType as ClientRole,
  type ConnectionStateType,
  errorText,
} from '@holdfast/sdk/native';
import { type Client, type JoinRequest, type Meaning, UsageError, type Watcher } from './client.ts';
import { plainData } from './messages.ts';
import { commandsOf, type Trouble } from './steering.ts';
import { stateWord } from './words.ts';

/** Results are 0 or a negative error code. */
interface Engine {
  leaveChannel(): number;
  setClientRole(role: ClientRole): number;
  muteLocalAudioStream(mute: boolean): number;
  muteLocalVideoStream(mute: boolean): number;
  renewToken(token: string): number;
  createDataStream(config: { ordered: boolean; syncWithAudio: boolean }): number;
  sendStreamMessage(streamId: number, data: Uint8Array): number;
  setVoipMode(enabled: boolean): number;
  notifyAppState(state: 'foreground' | 'background'): number;
  getConnectionState(): ConnectionStateType;
}

/** What each dialect has its own methods for. */
interface OwnWays {
  join(): number;
  update(options: { publishMicrophoneTrack: boolean; publishCameraTrack: boolean }): number;
}

export function engineClient(engine: Engine, { join, update }: OwnWays): Client {
  return {
    join() {
      accepted(join());
      return undefined;
    },
    state() {
      const state = engine.getConnectionState();
      return { args: [state], words: stateWord(state), mood: 'plain' };
    },
    commands: commandsOf({
      leave: () => trouble(engine.leaveChannel()),
      role: (role) => trouble(engine.setClientRole(roleNumbers[role])),
      mute: (kind, muted) =>
        trouble(kind === 'audio' ? engine.muteLocalAudioStream(muted) : engine.muteLocalVideoStream(muted)),
      publish: (on) => trouble(update({ publishMicrophoneTrack: on, publishCameraTrack: on })),
      renew: (token) => trouble(engine.renewToken(token)),
      send: sending(engine),
      voip: (enabled) => trouble(engine.setVoipMode(enabled)),
      appState: (state) => trouble(engine.notifyAppState(state)),
    }),
  };
}

/** A stay has one data stream, created when the first text is sent. */
function sending(engine: Engine): (text: string) => Trouble {
  let stream = 0;
  return (text) => {
    if (stream <= 0) stream = engine.createDataStream({ ordered: true, syncWithAudio: false });
    return trouble(stream < 0 ? stream : engine.sendStreamMessage(stream, new TextEncoder().encode(text)));
  };
}

/** What is said with a join. */
export function mediaOptions({ profile, role, publish }: JoinRequest) {
  return {
    channelProfile:
      profile === 'live'
        ? ChannelProfile.ChannelProfileLiveBroadcasting
        : ChannelProfile.ChannelProfileCommunication,
    clientRoleType: role === undefined ? undefined : roleNumbers[role],
    publishMicrophoneTrack: publish,
    publishCameraTrack: publish,
  };
}

/** @throws UsageError for an error code */
export function accepted(result: number): void {
  if (result < 0) throw new UsageError(trouble(result) ?? '');
}

/** @throws UsageError if the uid is no number */
export function numberOf(uid: string): number {
  if (!/^\d{1,10}$/.test(uid)) throw new UsageError(`a uid is a number from 0 to 4294967295, not '${uid}'`);
  return Number(uid);
}

/** Tells a watcher of a callback, by what it means; the arguments are the callback's own, as plain values. */
export function teller(watcher: Watcher, meanings: object) {
  const byName = meanings as Record<string, (...args: unknown[]) => Meaning>;
  return (name: string, args: readonly unknown[], more: { alias?: string } = {}) => {
    const meaning = byName[name]?.(...args) ?? { words: '', mood: 'plain' };
    watcher.callback({ name, args: args.map(plainData), ...more, ...meaning });
  };
}

const roleNumbers: Readonly<Record<Role, ClientRole>> = {
  host: ClientRole.ClientRoleBroadcaster,
  audience: ClientRole.ClientRoleAudience,
};

function trouble(result: number): Trouble {
  return result < 0 ? `${errorText(result)} (${result})` : null;
}
