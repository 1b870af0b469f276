/** A program in the shape of Apple's API: only its import and `servers` are Holdfast's. */
import {
  type ChannelProfile,
  ClientRole,
  ConnectionState,
  type RtcEngineDelegate,
  RtcEngineKit,
  type UserOfflineReason,
} from '@holdfast/sdk/apple';

export class VideoCall implements RtcEngineDelegate {
  readonly kit: RtcEngineKit;
  readonly others: number[] = [];
  readonly heard: string[] = [];
  channel = '';

  constructor(servers: string[], profile: ChannelProfile) {
    RtcEngineKit.configure({ servers });
    this.kit = RtcEngineKit.sharedEngine('demo', this);
    this.kit.setChannelProfile(profile);
    this.kit.setClientRole(ClientRole.broadcaster);
    this.kit.enableVideo();
  }

  start(channel: string, uid: number): void {
    this.kit.joinChannel(null, channel, null, uid, (joined, own) => {
      this.channel = `${joined} as ${own}`;
    });
  }

  didJoinedOfUid(_kit: RtcEngineKit, uid: number): void {
    this.others.push(uid);
  }

  didOfflineOfUid(_kit: RtcEngineKit, uid: number, _reason: UserOfflineReason): void {
    this.others.splice(this.others.indexOf(uid), 1);
  }

  receiveStreamMessageFromUid(_kit: RtcEngineKit, uid: number, _streamId: number, data: Uint8Array): void {
    this.heard.push(`${uid}: ${new TextDecoder().decode(data)}`);
  }

  mute(muted: boolean): void {
    this.kit.muteLocalAudioStream(muted);
  }

  get isOn(): boolean {
    return this.kit.getConnectionState() === ConnectionState.connected;
  }

  /** @returns when it is over */
  hangUp(): Promise<void> {
    return new Promise((resolve) => {
      this.kit.leaveChannel(() => {
        RtcEngineKit.destroy();
        resolve();
      });
    });
  }
}
