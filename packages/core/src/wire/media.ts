/** The parts of media frames, between schema and domain types. */
import { mediaFaults } from '../contract/index.ts';
import { type MediaAnswer, type MediaOffer, type MediaPlace, noMedia } from './frames.ts';
import type {
  MediaAnswer as AnswerMessage,
  MediaOffer as OfferMessage,
  MediaPlace as PlaceMessage,
} from './gen/holdfast/v1/holdfast_pb.ts';

export function writePlace({ id, iceServers }: MediaPlace) {
  return { id, iceServers: iceServers.map((server) => ({ ...server, urls: [...server.urls] })) };
}

/** A server that says nothing of media has none. */
export function readPlace(message: PlaceMessage | undefined): MediaPlace {
  if (message === undefined) return noMedia;
  const { id, iceServers } = message;
  return {
    id,
    iceServers: iceServers.map(({ urls, username, credential }) => ({ urls, username, credential })),
  };
}

export function readOffer({ place, connection, revision, sdp, sends, receives }: OfferMessage): MediaOffer {
  return {
    type: 'media-offer',
    ...{ place, connection, revision, sdp },
    sends: sends.map(({ mid, stream }) => ({ mid, stream })),
    receives: receives.map(({ mid, uid, stream }) => ({ mid, uid, stream })),
  };
}

/** Faults are numbered from 1, in the order of the contract. */
export function writeAnswer({ connection, revision, sdp, fault, text, mids }: MediaAnswer) {
  const number = fault === null ? 0 : mediaFaults.indexOf(fault) + 1;
  return { connection, revision, sdp, fault: number, text, mids: [...mids] };
}

/** A fault of a newer version is one that says nothing of what to do. */
export function readAnswer({ connection, revision, sdp, fault, text, mids }: AnswerMessage): MediaAnswer {
  const known = fault === 0 ? null : (mediaFaults[fault - 1] ?? 'unavailable');
  return { type: 'media-answer', connection, revision, sdp, fault: known, text, mids: [...mids] };
}
