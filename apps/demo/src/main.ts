/** The demo page: one tab, one user. */
import { Callbacks } from './callbacks.ts';
import type { Client, Listener, Status } from './client.ts';
import { Controls } from './controls.ts';
import { DevServer, type DevState } from './dev-server.ts';
import { byId } from './dom.ts';
import { JoinForm } from './join-form.ts';
import { listenToKeys } from './keys.ts';
import { MuteButton } from './mute-button.ts';
import { People } from './people.ts';
import { dialectOf, offer } from './platforms.ts';
import { SendForm } from './send-form.ts';
import { SilenceClock } from './silence.ts';
import { TimelineView } from './timeline/view.ts';

const dev = new DevServer();
const form = new JoinForm(join, leave);
const sendForm = new SendForm(send);
const muteButton = new MuteButton(mute);
const people = new People(byId('people', HTMLElement), byId('nobody', HTMLElement));
const callbacks = new Callbacks(byId('callbacks', HTMLElement), byId('no-callbacks', HTMLElement));
const clock = new SilenceClock(byId('silence', HTMLElement));
const timeline = new TimelineView(byId('outage', HTMLElement), byId('drawing', HTMLElement));
const controls = new Controls(dev, { changed: show, did: (text) => callbacks.note(text), failed: complain });
const statusPlace = byId('status', HTMLElement);
let client: Client | null = null;
let urls: readonly string[] = [];
let latest: DevState | null = null;

listenToKeys();
open().catch(complain);

async function open(): Promise<void> {
  const remembered = form.restore();
  const network = await dev.open(remembered);
  urls = network.urls;
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
  muteButton.joined();
  offer(byId('others', HTMLElement), platform, channel);
}

function leave(): void {
  client?.leave();
  client = null;
  people.clear();
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

function mute(muted: boolean): void {
  client?.mute(muted);
  callbacks.note(`you ${muted ? 'muted' : 'unmuted'} your video`);
}

/** Calls that come after a later join are of an earlier stay: they are shown, and change nothing. */
function listener(platform: string): Listener {
  const { names } = dialectOf(platform);
  return {
    callback: (callback) => callbacks.add(callback),
    status: showStatus,
    present: (person) => people.present(person),
    absent: (uid) => people.absent(uid),
    quality: showQuality,
    outage(record) {
      if (latest !== null) timeline.show({ record, limits: latest.limits, names, urls });
    },
  };
}

function showStatus(status: Status): void {
  statusPlace.textContent = statusWords[status];
  statusPlace.dataset.status = status;
}

function showQuality(up: number, down: number): void {
  const place = byId('quality', HTMLElement);
  const worst = Math.max(up, down);
  place.dataset.quality = `${worst}`;
  place.title = `own network: up ${qualityWords[up]}, down ${qualityWords[down]}`;
  place.textContent = `network: ${qualityWords[worst]}`;
}

const qualityWords = ['not known', 'excellent', 'good', 'poor', 'bad', 'very bad', 'down'];

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
