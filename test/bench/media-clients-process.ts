/** Clients of a media process: they send RTP made by hand and count what comes, without any codec. */
import {
  type MediaEngine,
  type OfferedTransport,
  openMediaEngine,
  readOffer,
} from '@holdfast/server/internals';

export type ToClients =
  | { type: 'open'; client: number; sends: boolean; receives: readonly number[] }
  | { type: 'answer'; client: number; sdp: string }
  /** Everybody who sends, so many packets a second each, until told otherwise. */
  | { type: 'send'; perSecond: number }
  | { type: 'tell' };

export type FromClients =
  | { type: 'offer'; client: number; sdp: string; mids: readonly string[] }
  /** Packets that have come, RTP alone. */
  | { type: 'came'; packets: number };

let engine: MediaEngine | undefined;
const transports = new Map<number, OfferedTransport>();
const senders: { client: number; sequence: number }[] = [];
let came = 0;
let sending: NodeJS.Timeout | undefined;

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message: ToClients) => {
  if (message.type === 'open') void open(message);
  else if (message.type === 'answer') answered(message);
  else if (message.type === 'send') send(message.perSecond);
  else tell({ type: 'came', packets: came });
});

async function open({ client, sends, receives }: Extract<ToClients, { type: 'open' }>): Promise<void> {
  engine ??= await openMediaEngine();
  const transport = await engine.offer({
    packet(packet) {
      const type = packet[1] ?? 0;
      if (type < 192 || type > 223) came += 1;
    },
    closed: () => console.error(`client ${client} has lost its connection`),
  });
  transports.set(client, transport);
  if (sends) senders.push({ client, sequence: 0 });
  const { ufrag, password, fingerprint } = transport.local;
  const section = (mid: string, way: string) => [
    ...['m=video 9 UDP/TLS/RTP/SAVPF 96', `a=mid:${mid}`, `a=${way}`, 'a=rtpmap:96 VP8/90000'],
    ...(way === 'sendonly' ? [`a=ssrc:${ssrcOf(client)} cname:x`] : []),
  ];
  const mids = [...(sends ? ['own'] : []), ...receives.map((uid) => `${uid}`)];
  const lines = [
    ...['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0'],
    ...[`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${password}`, `a=fingerprint:${fingerprint}`],
    ...mids.flatMap((mid) => section(mid, mid === 'own' ? 'sendonly' : 'recvonly')),
  ];
  tell({ type: 'offer', client, sdp: `${lines.join('\r\n')}\r\n`, mids });
}

function answered({ client, sdp }: Extract<ToClients, { type: 'answer' }>): void {
  const read = readOffer(sdp, Number.POSITIVE_INFINITY);
  const candidates = new Set([...sdp.matchAll(/^a=(candidate:.+?)\s*$/gm)].map(([, line = '']) => line));
  if (read === null) throw new Error(`client ${client} was refused`);
  transports.get(client)?.accept({ ...read.end, candidates: [...candidates] });
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
