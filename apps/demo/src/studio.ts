/** What this tab sends: camera and microphone, a shared screen in the camera's place, or a drawn picture. */
import AgoraRTC, { type WebClient, type WebStream } from '@holdfast/sdk/web';
import type { Device, DeviceKind, PictureOf, Studio } from './client.ts';
import { drawPicture } from './drawn-picture.ts';

export interface StudioListener {
  /** A call of the SDK has failed. */
  failed(method: string, code: unknown): void;
  /** For the list of what happened. */
  note(text: string): void;
  /** The picture of this tab may be shown, or is another one. */
  shown(play: (elementId: string) => void, of: PictureOf): void;
}

export class WebStudio implements Studio {
  readonly #client: WebClient;
  readonly #listener: StudioListener;
  readonly #name: string;
  #stream: WebStream | null = null;
  #screen: WebStream | null = null;
  /** What takes its place again when a screen is shared no longer. */
  #before: MediaStreamTrack | undefined;
  #stopDrawing: (() => void) | null = null;
  /** Two tabs of one machine would hear each other, and howl: the microphone begins muted. */
  readonly #muted: Record<DeviceKind, boolean> = { audio: true, video: false };
  #closed = false;

  constructor(client: WebClient, name: string, listener: StudioListener) {
    this.#client = client;
    this.#name = name;
    this.#listener = listener;
  }

  /** Opens camera and microphone, and publishes them. */
  open(): void {
    this.#open(AgoraRTC.createStream({ audio: true, video: true, mirror: false }), ({ msg }) => {
      this.#listener.note(`no camera and microphone (${msg}): a drawn picture takes their place`);
      const { track, stop } = drawPicture(this.#name);
      this.#stopDrawing = stop;
      const drawn = AgoraRTC.createStream({ audio: false, video: true, videoSource: track });
      this.#open(drawn, ({ msg: why }) => this.#listener.failed('init', why));
    });
  }

  #open(stream: WebStream, onFailure: (error: { readonly msg: string }) => void): void {
    stream.setVideoProfile('240p');
    stream.init(() => {
      if (this.#closed) return stream.close();
      this.#stream = stream;
      for (const kind of ['audio', 'video'] as const) this.mute(kind, this.#muted[kind]);
      this.#show();
      this.#client.publish(stream, (code) => this.#listener.failed('publish', code));
    }, onFailure);
  }

  close(): void {
    this.#closed = true;
    this.#stopDrawing?.();
    this.#screen?.close();
    this.#stream?.close();
  }

  mute(kind: DeviceKind, muted: boolean): void {
    this.#muted[kind] = muted;
    const stream = this.#stream;
    if (kind === 'audio') muted ? stream?.muteAudio() : stream?.unmuteAudio();
    else muted ? stream?.muteVideo() : stream?.unmuteVideo();
  }

  devices(): Promise<Device[]> {
    if (this.#stopDrawing !== null) return Promise.resolve([]);
    return new Promise((resolve) => {
      AgoraRTC.getDevices(
        (all) => resolve(all.flatMap(deviceOf)),
        () => resolve([]),
      );
    });
  }

  use(kind: DeviceKind, id: string): void {
    if (kind === 'video') this.#unshare();
    this.#stream?.switchDevice(kind, id, undefined, ({ msg }) => this.#listener.failed('switchDevice', msg));
  }

  get sharing(): boolean {
    return this.#screen !== null;
  }

  share(on: boolean): void {
    if (!on) return this.#unshare();
    const screen = AgoraRTC.createStream({ audio: false, video: true, screen: true });
    screen.on('stopScreenSharing', () => this.#unshare());
    screen.init(
      () => this.#replaceBy(screen),
      ({ msg }) => this.#listener.failed('init', msg),
    );
  }

  #replaceBy(screen: WebStream): void {
    const stream = this.#stream;
    const track = screen.getVideoTrack();
    if (stream === null || track === undefined || this.#closed) return screen.close();
    this.#before = stream.getVideoTrack();
    this.#screen = screen;
    stream.replaceTrack(track);
    this.#show();
  }

  #unshare(): void {
    const screen = this.#screen;
    if (screen === null) return;
    this.#screen = null;
    if (this.#before !== undefined) this.#stream?.replaceTrack(this.#before);
    screen.close();
    this.#show();
  }

  #show(): void {
    const stream = this.#stream;
    const fit = this.sharing ? 'contain' : 'cover';
    const of = this.sharing ? 'screen' : this.#stopDrawing === null ? 'camera' : 'nothing';
    this.#listener.shown((elementId) => stream?.play(elementId, { fit, muted: true }), of);
  }
}

function deviceOf({ kind, deviceId: id, label }: MediaDeviceInfo): Device[] {
  if (kind === 'audiooutput' || id === '') return [];
  return [{ kind: kind === 'audioinput' ? 'audio' : 'video', id, label }];
}
