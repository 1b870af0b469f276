/** The demo page: one tab, one user. */
import { CallBar } from './call-bar.ts';
import { Callbacks } from './callbacks.ts';
import type { Client, DeviceKind, Listener, PictureOf, Status } from './client.ts';
import { Controls } from './controls.ts';
import { DevServer, type DevState, type NetworkState } from './dev-server.ts';
import { byId } from './dom.ts';
import { JoinForm } from './join-form.ts';
import { listenToKeys } from './keys.ts';
import { leadMediaThrough } from './media-way.ts';
import { OwnTile } from './own-tile.ts';
import { People } from './people.ts';
import { dialectOf, offer } from './platforms.ts';
import { SendForm } from './send-form.ts';
import { SilenceClock } from './silence.ts';
import { TimelineView } from './timeline/view.ts';

const dev = new DevServer();
const form = new JoinForm(join, leave);
const sendForm = new SendForm(send);
const callBar = new CallBar({ muted: mute, did: (text) => callbacks.note(text) });
const ownTile = new OwnTile();
const people = new People(byId('people', HTMLElement), byId('nobody', HTMLElement));
const callbacks = new Callbacks(byId('callbacks', HTMLElement), byId('no-callbacks', HTMLElement));
const clock = new SilenceClock(byId('silence', HTMLElement));
const timeline = new TimelineView(byId('outage', HTMLElement), byId('drawing', HTMLElement));
const controls = new Controls(dev, { changed: show, did: (text) => callbacks.note(text), failed: complain });
const statusPlace = byId('status', HTMLElement);
let client: Client | null = null;
let urls: readonly string[] = [];
let mediaPorts: NetworkState['mediaPorts'] = [];
let latest: DevState | null = null;

listenToKeys();
leadMediaThrough(() => mediaPorts);
open().catch(complain);

async function open(): Promise<void> {
  const remembered = form.restore();
  const network = await dev.open(remembered);
  urls = network.urls;
  mediaPorts = network.mediaPorts;
  form.remember(network.id);
  byId('tab', HTMLElement).textContent = `tab ${network.id}`;
  document.title = `tab ${network.id} · Holdfast`;
  form.ready();
  await look();
  // The server forgets the network of a tab that does not ask.
  setInterval(() => look().catch(complain), 1_000);
}

async function look(): Promise<void> {
  show(await dev.state());
}

function show(state: DevState): void {
  complain(null);
  latest = state;
  controls.show(state);
  const { platform } = form.request;
  if (state.network === null)
    return complain(new Error('The dev server was restarted: load this page again.'));
  clock.update(state.network, state.limits, dialectOf(platform).names, client !== null);
}

// ---- the user --------------------------------------------------------------------------------------

function join(): void {
  if (client !== null) return leave();
  const { platform, channel, uid } = form.request;
  people.clear();
  callbacks.clear();
  callbacks.joined(platform);
  try {
    client = dialectOf(platform).join({ platform, channel, uid, servers: urls }, listener(platform));
  } catch (error) {
    return complain(error);
  }
  form.inside(true);
  sendForm.inside(true);
  ownTile.joined(uid);
  callBar.joined(client.studio);
  ownTile.muted(callBar.mutes);
  offer(byId('others', HTMLElement), platform, channel);
}

function leave(): void {
  client?.leave();
  client = null;
  people.clear();
  ownTile.left();
  callBar.left();
  clock.stop();
  form.inside(false);
  sendForm.inside(false);
}

function send(text: string): void {
  try {
    client?.send(text);
    callbacks.note(`you sent '${text}'`);
  } catch (error) {
    callbacks.note(`not sent: ${error instanceof Error ? error.message : error}`);
  }
}

function mute(kind: DeviceKind, muted: boolean): void {
  client?.mute(kind, muted);
  ownTile.muted(callBar.mutes);
  callbacks.note(`you ${muted ? 'muted' : 'unmuted'} your ${kind === 'audio' ? 'microphone' : 'camera'}`);
}

/** Calls that come after a later join are of an earlier stay: they are shown, and change nothing. */
function listener(platform: string): Listener {
  const { names } = dialectOf(platform);
  return {
    callback: (callback) => callbacks.add(callback),
    status: showStatus,
    present: (person) => people.present(person),
    absent: (uid) => people.absent(uid),
    quality: (up, down) => ownTile.quality(up, down),
    note: (text) => callbacks.note(text),
    ownPicture,
    outage(record) {
      if (latest !== null) timeline.show({ record, limits: latest.limits, names, urls });
    },
  };
}

function showStatus(status: Status): void {
  statusPlace.textContent = statusWords[status];
  statusPlace.dataset.status = status;
}

function ownPicture(play: (elementId: string) => void, of: PictureOf): void {
  ownTile.show(play, of);
  callBar.sharing(of === 'screen');
  callBar.list().catch(complain);
}

const statusWords: Readonly<Record<Status, string>> = {
  out: 'not in a channel',
  joining: 'joining …',
  connected: 'connected',
  reconnecting: 'reconnecting …',
  lost: 'lost, still trying …',
  failed: 'failed',
};

function complain(error: unknown): void {
  const place = byId('complaint', HTMLElement);
  place.hidden = error === null;
  place.textContent = error instanceof Error ? error.message : error === null ? '' : String(error);
}
