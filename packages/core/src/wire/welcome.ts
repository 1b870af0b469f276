/** A welcome holds everyone in the channel, and everyone who comes gets one: each member is encoded once for all of them. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Member } from '../presence/index.ts';
import type { Welcome } from './frames.ts';
import { ServerFrameSchema, WelcomeSchema } from './gen/holdfast/v1/holdfast_pb.ts';
import { writePlace } from './media.ts';
import { writeMember, writeRights } from './parts.ts';

export function encodeWelcome({ members, ...frame }: Welcome): Uint8Array {
  const pieces = [
    bytesOf({
      ...frame,
      servers: [...frame.servers],
      limits: { ...frame.limits, giveUpMs: frame.limits.giveUpMs ?? 0 },
      outage: frame.outage === null ? undefined : { ...frame.outage, marks: [...frame.outage.marks] },
      received: [...frame.received],
      rights: writeRights(frame.rights),
      messagesPerSecond: frame.messagesPerSecond ?? 0,
      media: writePlace(frame.media),
    }),
    ...members.map(pieceOf),
  ];
  const { number } = ServerFrameSchema.field.welcome;
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(joined(pieces)).finish();
}

/** Members never change: what a member has become is another object. */
const pieces = new WeakMap<Member, Uint8Array>();

/** Messages of one kind, one after the other, are their sum: this is a welcome that says nothing but this member. */
function pieceOf(member: Member): Uint8Array {
  let piece = pieces.get(member);
  if (piece === undefined) {
    piece = bytesOf({ members: [writeMember(member)] });
    pieces.set(member, piece);
  }
  return piece;
}

function bytesOf(welcome: MessageInitShape<typeof WelcomeSchema>): Uint8Array {
  return toBinary(WelcomeSchema, create(WelcomeSchema, welcome));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
