/**
 * The public names of the three dialects, one by one. They are what programs hold on to: the compiler sees that each
 * has a type, the test that each is there.
 */
import { type RtcEngineDelegate, RtcEngineKit } from '@holdfast/sdk/apple';
import createAgoraRtcEngine, {
  createRtcEngine,
  type IRtcEngine,
  type RtcEngineEvent,
} from '@holdfast/sdk/native';
import AgoraRTC, { type ClientEvents } from '@holdfast/sdk/web';
import { expect, test } from 'vitest';

const native = [
  ...(['initialize', 'release', 'registerEventHandler', 'unregisterEventHandler'] as const),
  ...(['addListener', 'removeListener', 'removeAllListeners', 'getErrorDescription'] as const),
  ...(['joinChannel', 'joinChannelWithUserAccount', 'leaveChannel', 'updateChannelMediaOptions'] as const),
  ...(['renewToken', 'setClientRole', 'setChannelProfile', 'getConnectionState'] as const),
  ...(['createDataStream', 'sendStreamMessage', 'getOutages'] as const),
  ...(['enableAudio', 'disableAudio', 'enableVideo', 'disableVideo'] as const),
  ...(['enableLocalAudio', 'enableLocalVideo', 'muteLocalAudioStream', 'muteLocalVideoStream'] as const),
  ...(['muteRemoteAudioStream', 'muteRemoteVideoStream', 'setVoipMode', 'notifyAppState'] as const),
] satisfies (keyof IRtcEngine)[];

const apple = [
  ...(['joinChannel', 'leaveChannel', 'updateChannel', 'renewToken', 'getConnectionState'] as const),
  ...(['createDataStream', 'sendStreamMessage', 'setClientRole', 'setChannelProfile'] as const),
  ...(['enableAudio', 'disableAudio', 'enableVideo', 'disableVideo'] as const),
  ...(['enableLocalAudio', 'enableLocalVideo', 'muteLocalAudioStream', 'muteLocalVideoStream'] as const),
  ...(['muteRemoteAudioStream', 'muteRemoteVideoStream', 'setVoipMode', 'notifyAppState'] as const),
  ...(['getOutages', 'destroy'] as const),
] satisfies (keyof RtcEngineKit)[];

const page = [
  ...(['VERSION', 'Logger', 'createClient', 'createStream', 'getDevices', 'configure'] as const),
  ...(['checkSystemRequirements', 'getSupportedCodec'] as const),
] satisfies (keyof typeof AgoraRTC)[];

const client = [
  ...(['init', 'join', 'leave', 'publish', 'unpublish', 'subscribe', 'unsubscribe', 'on', 'off'] as const),
  ...(['setClientRole', 'renewToken', 'getConnectionState', 'sendStreamMessage', 'getOutages'] as const),
  ...(['enableDualStream', 'disableDualStream', 'setRemoteVideoStreamType'] as const),
  ...(['setStreamFallbackOption', 'setLowStreamParameter', 'enableAudioVolumeIndicator'] as const),
  ...(['getLocalAudioStats', 'getLocalVideoStats', 'getRemoteAudioStats', 'getRemoteVideoStats'] as const),
  ...(['getSessionStats', 'getTransportStats', 'getCameras', 'getRecordingDevices'] as const),
  ...(['getPlayoutDevices'] as const),
] satisfies (keyof AgoraRTC.Client)[];

const stream = [
  ...(['init', 'play', 'stop', 'close', 'resume', 'isPlaying', 'getId', 'on', 'off'] as const),
  ...(['muteAudio', 'unmuteAudio', 'muteVideo', 'unmuteVideo', 'hasAudio', 'hasVideo'] as const),
  ...(['enableAudio', 'disableAudio', 'enableVideo', 'disableVideo', 'isAudioOn', 'isVideoOn'] as const),
  ...(['getAudioTrack', 'getVideoTrack', 'addTrack', 'removeTrack', 'replaceTrack', 'switchDevice'] as const),
  ...(['setVideoProfile', 'setScreenProfile', 'setAudioProfile', 'setVideoEncoderConfiguration'] as const),
  ...(['setAudioVolume', 'getAudioLevel', 'getStats'] as const),
] satisfies (keyof AgoraRTC.Stream)[];

/** Never read: that they are callbacks is what the compiler checks. */
export const callbacks = {
  native: [
    ...(['onJoinChannelSuccess', 'didRejoinChannel', 'onRejoinChannelSuccess', 'onLeaveChannel'] as const),
    ...(['onUserJoined', 'onUserOffline', 'onConnectionInterrupted', 'onConnectionLost'] as const),
    ...(['onConnectionStateChanged', 'onNetworkTypeChanged', 'onTokenPrivilegeWillExpire'] as const),
    ...(['onRequestToken', 'onRenewTokenResult', 'onStreamMessage', 'onStreamMessageError'] as const),
    ...(['onUserMuteAudio', 'onUserMuteVideo', 'onRemoteAudioStateChanged'] as const),
    ...(['onRemoteVideoStateChanged', 'onClientRoleChanged', 'onNetworkQuality', 'onError'] as const),
  ] satisfies RtcEngineEvent[],
  apple: [
    ...(['rtcEngineConnectionDidInterrupted', 'rtcEngineConnectionDidLost', 'didJoinChannel'] as const),
    ...(['didRejoinChannel', 'didLeaveChannel', 'didJoinedOfUid', 'didOfflineOfUid'] as const),
    ...(['connectionChangedTo', 'tokenPrivilegeWillExpire', 'rtcEngineRequestToken'] as const),
    ...(['receiveStreamMessageFromUid', 'didOccurStreamMessageErrorFromUid', 'didAudioMuted'] as const),
    ...(['didVideoMuted', 'didOccurError', 'networkTypeChanged'] as const),
  ] satisfies (keyof RtcEngineDelegate)[],
  web: [
    ...(['stream-added', 'stream-removed', 'stream-subscribed', 'stream-updated'] as const),
    ...(['stream-published', 'stream-unpublished', 'peer-online', 'peer-leave'] as const),
    ...(['mute-audio', 'unmute-audio', 'mute-video', 'unmute-video', 'connection-state-change'] as const),
    ...(['onTokenPrivilegeWillExpire', 'onTokenPrivilegeDidExpire', 'stream-message'] as const),
    ...(['network-quality', 'network-type-changed', 'client-banned', 'client-role-changed'] as const),
    ...(['error', 'exception', 'volume-indicator'] as const),
  ] satisfies (keyof ClientEvents)[],
};

test.each<[string, () => object, readonly string[]]>([
  ['an engine of native', () => createRtcEngine(), native],
  [
    'the engine of apple',
    () => RtcEngineKit.sharedEngine({ appId: 'demo', servers: ['ws://127.0.0.1:9'] }),
    apple,
  ],
  ['AgoraRTC', () => AgoraRTC, page],
  ['a client of the web', () => AgoraRTC.createClient({ mode: 'rtc', codec: 'vp8' }), client],
  ['a stream of the web', () => AgoraRTC.createStream({ audio: true, video: true }), stream],
])('%s has every public name', (_what, make, names) => {
  const made = make() as Record<string, unknown>;
  const values: Readonly<Record<string, string>> = { VERSION: 'string', Logger: 'object' };
  for (const name of names) expect(typeof made[name], name).toBe(values[name] ?? 'function');
  RtcEngineKit.destroy();
});

test('an engine is made under either name', () => {
  expect(createAgoraRtcEngine).toBe(createRtcEngine);
});
