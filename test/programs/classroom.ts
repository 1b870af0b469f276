/** A program of the 4.x API, for desktops: only its import and the line with `servers` are Holdfast's. */
import createAgoraRtcEngine, {
  ChannelProfileType,
  ClientRoleType,
  ConnectionStateType,
  type IRtcEngine,
  type IRtcEngineEventHandler,
  type RtcConnection,
  type UserOfflineReasonType,
} from '@holdfast/sdk/native';

export class Classroom implements IRtcEngineEventHandler {
  readonly engine: IRtcEngine = createAgoraRtcEngine();
  readonly pupils = new Set<number>();
  readonly heard: string[] = [];
  board = 0;

  constructor(servers: string[]) {
    this.engine.initialize({
      appId: 'demo',
      channelProfile: ChannelProfileType.ChannelProfileLiveBroadcasting,
      servers,
    });
    this.engine.registerEventHandler(this);
    this.engine.addListener('onStreamMessage', (_connection, uid, _stream, data) => {
      this.heard.push(`${uid}: ${new TextDecoder().decode(data)}`);
    });
    this.engine.enableVideo();
  }

  enter(channelId: string, uid: number): void {
    const result = this.engine.joinChannel('', channelId, uid, {
      clientRoleType: ClientRoleType.ClientRoleBroadcaster,
      publishMicrophoneTrack: true,
      publishCameraTrack: true,
      autoSubscribeAudio: true,
      autoSubscribeVideo: true,
    });
    if (result < 0) throw new Error(this.engine.getErrorDescription(result));
  }

  onJoinChannelSuccess({ localUid }: RtcConnection): void {
    this.board = this.engine.createDataStream({ syncWithAudio: false, ordered: true });
    this.heard.push(`in as ${localUid}`);
  }

  onUserJoined(_connection: RtcConnection, remoteUid: number): void {
    this.pupils.add(remoteUid);
  }

  onUserOffline(_connection: RtcConnection, remoteUid: number, _reason: UserOfflineReasonType): void {
    this.pupils.delete(remoteUid);
  }

  onUserMuteAudio(_connection: RtcConnection, remoteUid: number, muted: boolean): void {
    this.heard.push(`${remoteUid} ${muted ? 'muted' : 'unmuted'}`);
  }

  write(text: string): void {
    const data = new TextEncoder().encode(text);
    this.engine.sendStreamMessage(this.board, data, data.length);
  }

  get isIn(): boolean {
    return this.engine.getConnectionState() === ConnectionStateType.ConnectionStateConnected;
  }

  close(): void {
    this.engine.leaveChannel();
    this.engine.unregisterEventHandler(this);
    this.engine.release();
  }
}
