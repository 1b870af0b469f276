/** Frames to bytes and back: the schema of `proto/holdfast/v1/holdfast.proto`, and nothing else. */
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { WireError } from './error.ts';
import type { ClientFrame, Entry, ServerFrame, Welcome } from './frames.ts';
import {
  type ClientFrame as ClientFrameMessage,
  ClientFrameSchema,
  EntrySchema,
  type ServerFrame as ServerFrameMessage,
  ServerFrameSchema,
} from './gen/holdfast/v1/holdfast_pb.ts';
import * as media from './media.ts';
import * as parts from './parts.ts';
import { encodeWelcome } from './welcome.ts';

/** The bytes of a client's frame. */
export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { body: clientBody(frame) }));
}

/** The bytes of a server's frame. */
export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  if (frame.type === 'welcome') return encodeWelcome(frame);
  return toBinary(ServerFrameSchema, create(ServerFrameSchema, { body: serverBody(frame) }));
}

/** The bytes of one entry of a log, as a store keeps it. */
export function encodeEntry(entry: Entry): Uint8Array {
  return toBinary(EntrySchema, create(EntrySchema, parts.writeEntry(entry)));
}

/** @throws WireError when the bytes are not an entry */
export function decodeEntry(bytes: Uint8Array): Entry {
  return parts.readEntry(parse(() => fromBinary(EntrySchema, bytes)));
}

/** A client's frame. @throws WireError when the bytes are not a frame of this protocol (C-80) */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  return readClientFrame(parse(() => fromBinary(ClientFrameSchema, bytes)));
}

/** A server's frame. @throws WireError when the bytes are not a frame of this protocol (C-80) */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  return readServerFrame(parse(() => fromBinary(ServerFrameSchema, bytes)));
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new WireError('the bytes are not a frame', { cause });
  }
}

type ClientBody = NonNullable<MessageInitShape<typeof ClientFrameSchema>['body']>;
type ServerBody = NonNullable<MessageInitShape<typeof ServerFrameSchema>['body']>;

function clientBody(frame: ClientFrame): ClientBody {
  switch (frame.type) {
    case 'join':
      return {
        case: 'join',
        value: {
          ...frame,
          platform: parts.platformNumber(frame.platform),
          profile: parts.profileNumber(frame.profile),
          self: parts.writeSelf(frame.self),
          rejoin:
            frame.rejoin === null
              ? undefined
              : {
                  ...frame.rejoin,
                  picture: frame.rejoin.picture.map(parts.writeMember),
                  sent: [...frame.rejoin.sent],
                },
        },
      };
    case 'resume':
      return { case: 'resume', value: { ...frame, self: parts.writeSelf(frame.self) } };
    case 'takeover':
      return { case: 'takeover', value: { ...frame, self: parts.writeSelf(frame.self) } };
    case 'heartbeat':
      return { case: 'heartbeat', value: { id: frame.id, answer: frame.answer } };
    case 'update':
      return { case: 'update', value: { self: parts.writeSelf(frame.self) } };
    case 'leave':
      return { case: 'leave', value: frame };
    case 'suspend':
      return { case: 'suspend', value: {} };
    case 'send':
      return { case: 'send', value: frame };
    case 'renew':
      return { case: 'renew', value: { token: frame.token } };
    case 'media-offer':
      return {
        case: 'mediaOffer',
        value: { ...frame, sends: [...frame.sends], receives: [...frame.receives] },
      };
    case 'media-close':
      return { case: 'mediaClose', value: frame };
  }
}

function serverBody(frame: Exclude<ServerFrame, Welcome>): ServerBody {
  switch (frame.type) {
    case 'standby-ready':
      return { case: 'standbyReady', value: {} };
    case 'heartbeat':
      return { case: 'heartbeat', value: frame };
    case 'entries':
      return {
        case: 'entries',
        value: {
          first: frame.first,
          entries: frame.entries.map(parts.writeEntry),
        },
      };
    case 'refused':
      return { case: 'refused', value: { ...frame, servers: [...(frame.servers ?? [])] } };
    case 'farewell':
      return { case: 'farewell', value: {} };
    case 'rights':
      return { case: 'rights', value: parts.writeRights(frame) };
    case 'media-place':
      return { case: 'mediaPlace', value: media.writePlace(frame) };
    case 'media-answer':
      return { case: 'mediaAnswer', value: media.writeAnswer(frame) };
    case 'servers':
      return { case: 'servers', value: { servers: [...frame.servers] } };
    case 'drain':
      return { case: 'drain', value: { ...frame, servers: [...frame.servers] } };
    case 'unknown':
      return { case: undefined };
  }
}

function readClientFrame({ body }: ClientFrameMessage): ClientFrame {
  switch (body.case) {
    case 'join':
      return parts.readJoin(body.value);
    case 'resume':
      return parts.readResume(body.value);
    case 'takeover':
      return {
        type: 'takeover',
        self: parts.readSelf(body.value.self),
        position: parts.readPosition(body.value.position),
      };
    case 'heartbeat':
      return { type: 'heartbeat', id: body.value.id, answer: body.value.answer };
    case 'update':
      return { type: 'update', self: parts.readSelf(body.value.self) };
    case 'leave': {
      const { uid, account, session, secret, join } = body.value;
      const credentials = parts.readCredentials(body.value.credentials);
      return { type: 'leave', credentials, uid, account, session, secret, join };
    }
    case 'suspend':
      return { type: 'suspend' };
    case 'send': {
      const { stream, number, data, sentAt } = body.value;
      // Copied: kept in a history, a view would keep everything that came with it. `slice` of Node's Buffer is a view.
      return { type: 'send', stream, number, data: new Uint8Array(data), sentAt };
    }
    case 'renew':
      return { type: 'renew', token: body.value.token };
    case 'mediaOffer':
      return media.readOffer(body.value);
    case 'mediaClose': {
      const { place, connection } = body.value;
      return { type: 'media-close', place, connection };
    }
    case undefined:
      throw new WireError('the frame has no body that this version knows');
  }
}

function readServerFrame({ body }: ServerFrameMessage): ServerFrame {
  switch (body.case) {
    case 'welcome':
      return parts.readWelcome(body.value);
    case 'standbyReady':
      return { type: 'standby-ready' };
    case 'heartbeat': {
      const { id, answer, heardMs, rttMs, spreadMs } = body.value;
      return { type: 'heartbeat', id, answer, heardMs, rttMs, spreadMs };
    }
    case 'entries':
      return {
        type: 'entries',
        first: parts.readPosition(body.value.first),
        entries: body.value.entries.map(parts.readEntry),
      };
    case 'refused': {
      const { code, text, retryMs, servers } = body.value;
      return { type: 'refused', code, text, retryMs, ...(servers.length > 0 && { servers }) };
    }
    case 'farewell':
      return { type: 'farewell' };
    case 'rights':
      return { type: 'rights', ...parts.readRights(body.value) };
    case 'mediaPlace':
      return { type: 'media-place', ...media.readPlace(body.value) };
    case 'mediaAnswer':
      return media.readAnswer(body.value);
    case 'servers':
      return { type: 'servers', servers: body.value.servers };
    case 'drain': {
      const { inMs, closesMs, servers } = body.value;
      return { type: 'drain', inMs, closesMs, servers };
    }
    case undefined:
      return { type: 'unknown' };
  }
}
