/** Clients of a media server: they send RTP made by hand and count what comes, without any codec. */
import {
  type MediaEngine,
  type OfferedTransport,
  type OpenedEnd,
  openMediaEngine,
  readOffer,
} from '@holdfast/server/internals';

export type ToClients =
  /** Comes first. @param port the UDP port of those who are offered something */
  | { type: 'begin'; host: string; port: number }
  | { type: 'open'; client: number; sends: boolean; receives: readonly number[] }
  | { type: 'answer'; client: number; sdp: string }
  /** Takes what a server offers; what comes back is the answer to it. */
  | { type: 'take'; client: number; sdp: string }
  /** Everybody who sends, so many packets a second each, until told otherwise. */
  | { type: 'send'; perSecond: number }
  | { type: 'tell' };

export type FromClients =
  | { type: 'offer'; client: number; sdp: string; mids: readonly string[] }
  | { type: 'taken'; client: number; sdp: string }
  /** Packets that have come, RTP alone. */
  | { type: 'came'; packets: number };

let engine: Promise<MediaEngine>;
const transports = new Map<number, OfferedTransport>();
const senders: { client: number; sequence: number }[] = [];
const taken: unknown[] = [];
let came = 0;
let sending: NodeJS.Timeout | undefined;

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToClients) => {
  if (message.type === 'begin') engine = openMediaEngine(message.host, message.port);
  else if (message.type === 'open') void open(message);
  else if (message.type === 'answer') answered(message);
  else if (message.type === 'take') void take(message);
  else if (message.type === 'send') send(message.perSecond);
  else tell({ type: 'came', packets: came });
});

async function open({ client, sends, receives }: Extract<ToClients, { type: 'open' }>): Promise<void> {
  const transport = await (await engine).offer(eventsOf(client));
  transports.set(client, transport);
  if (sends) senders.push({ client, sequence: 0 });
  const mids = [...(sends ? ['own'] : []), ...receives.map((uid) => `${uid}`)];
  const sections = mids.map((mid) => ({ mid, way: mid === 'own' ? 'sendonly' : 'recvonly', type: 96 }));
  tell({ type: 'offer', client, sdp: describe(client, transport.local, 'active', sections), mids });
}

function answered({ client, sdp }: Extract<ToClients, { type: 'answer' }>): void {
  const read = readOffer(sdp, Number.POSITIVE_INFINITY);
  const candidates = new Set([...sdp.matchAll(/^a=(candidate:.+?)\s*$/gm)].map(([, line = '']) => line));
  if (read === null) throw new Error(`client ${client} was refused: ${sdp}`);
  transports.get(client)?.accept({ ...read.end, candidates: [...candidates] });
}

async function take({ client, sdp }: Extract<ToClients, { type: 'take' }>): Promise<void> {
  const offer = readOffer(sdp, Number.POSITIVE_INFINITY);
  if (offer === null) throw new Error(`client ${client} is offered what it cannot read: ${sdp}`);
  const transport = await (await engine).open(offer.end, eventsOf(client));
  taken.push(transport);
  const sections = offer.sections.map(({ mid, payloadTypes }) => ({
    ...{ mid, way: 'recvonly', type: payloadTypes.get('vp8') ?? 96 },
  }));
  tell({ type: 'taken', client, sdp: describe(client, transport.local, 'passive', sections) });
}

function eventsOf(client: number) {
  return {
    packet(packet: Buffer) {
      const type = packet[1] ?? 0;
      if (type < 192 || type > 223) came += 1;
    },
    closed: () => console.error(`client ${client} has lost its connection`),
  };
}

function describe(
  client: number,
  { ufrag, password, fingerprint, candidates }: OpenedEnd,
  setup: 'active' | 'passive',
  sections: readonly { readonly mid: string; readonly way: string; readonly type: number }[],
): string {
  const lines = [
    ...['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0'],
    `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(' ')}`,
    ...sections.flatMap(({ mid, way, type }) => [
      ...[`m=video 9 UDP/TLS/RTP/SAVPF ${type}`, 'c=IN IP4 0.0.0.0', 'a=rtcp-mux'],
      ...[`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${password}`],
      ...[`a=fingerprint:${fingerprint}`, `a=setup:${setup}`],
      ...[`a=mid:${mid}`, `a=${way}`, `a=rtpmap:${type} VP8/90000`],
      ...(way === 'sendonly' ? [`a=ssrc:${ssrcOf(client)} cname:x`] : []),
      ...candidates.map((line) => `a=${line}`),
      'a=end-of-candidates',
    ]),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** As much as time has passed; each packet is a key frame by itself, of 1 200 bytes. */
function send(perSecond: number): void {
  clearInterval(sending);
  const beganAt = performance.now();
  let sent = 0;
  sending = setInterval(() => {
    const due = Math.floor(((performance.now() - beganAt) * perSecond) / 1_000);
    for (; sent < due; sent += 1) for (const sender of senders) sendOne(sender);
  }, 5);
}

function sendOne(sender: { client: number; sequence: number }): void {
  const packet = Buffer.alloc(1_200);
  sender.sequence += 1;
  packet.set([0x80, 96]);
  packet.writeUInt16BE(sender.sequence & 0xffff, 2);
  packet.writeUInt32BE((sender.sequence * 900) >>> 0, 4);
  packet.writeUInt32BE(ssrcOf(sender.client), 8);
  packet[12] = 0x10;
  transports.get(sender.client)?.send(packet);
}

function ssrcOf(client: number): number {
  return 1_000 + client;
}

function tell(message: FromClients): void {
  process.send?.(message);
}
