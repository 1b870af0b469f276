/** One life as a receiver: what it has had of each other life, stream by stream. */
import type { Violation, Wrong } from './checker.ts';
import type { Life, Sent } from './lives.ts';

type Heard = Life['heard'][number];
type Got = Extract<Heard, { what: 'got' }>;
type Gap = Extract<Heard, { what: 'gap' }>;

/** One stream of one other life, as this receiver has it. */
interface Strand {
  readonly life: Life;
  readonly messages: readonly Sent[];
  /** The number that comes next; null: nothing has come yet. */
  next: number | null;
  /** A gap said that nobody knows how much of it there was: nothing more can be asked for. */
  unknown: boolean;
  readonly had: Set<number>;
}

export class Receiver {
  readonly #self: Life;
  readonly #sent: ReadonlyMap<string, Sent>;
  readonly #strands: ReadonlyMap<string, Strand>;
  readonly #violations: Violation[] = [];
  /** Of each user, the life and the place in it of the newest message that has come. */
  readonly #latest = new Map<number, Sent>();

  constructor(self: Life, senders: readonly Life[], sent: ReadonlyMap<string, Sent>) {
    this.#self = self;
    this.#sent = sent;
    this.#strands = new Map(senders.flatMap((life) => strandsOf(life)));
  }

  judge(): readonly Violation[] {
    const { heard } = this.#self;
    heard.forEach((line, place) => {
      if (line.what === 'got') this.#got(line);
      else this.#gap(line, heard.slice(place + 1));
    });
    if (this.#self.there) for (const strand of this.#strands.values()) this.#atTheEnd(strand);
    return this.#violations;
  }

  #got({ from, stream, id, t }: Got): void {
    const message = this.#sent.get(id);
    const strand = message && this.#strands.get(keyOf(message));
    if (!message || !strand || message.life.uid !== from || message.stream !== stream || t < message.t)
      return this.#wrong('unsent', `got '${id}' of user ${from} on stream ${stream}`);
    const { number } = message;
    if (strand.had.has(number)) return this.#wrong('doubled', `got ${id} twice`);
    strand.had.add(number);
    this.#inOrder(message);
    if (strand.next === null) this.#first(strand, number);
    else if (number > strand.next && !strand.unknown)
      this.#wrong('lost', `got ${id}, but nothing of the ${number - strand.next} before it`);
    else if (number < strand.next) this.#wrong('wrong gap', `got ${id}, which a gap had taken in`);
    strand.next = Math.max(number + 1, strand.next ?? 0);
  }

  /** C-60 is about a sender, whichever of its streams and lives a message belongs to. */
  #inOrder(message: Sent): void {
    const latest = this.#latest.get(message.life.uid);
    const newer =
      latest &&
      (latest.life === message.life
        ? latest.index > message.index
        : latest.life.calledAt > message.life.calledAt);
    if (newer) this.#wrong('out of order', `got ${message.id} after ${latest.id}`);
    else this.#latest.set(message.life.uid, message);
  }

  /** Where a strand may begin: not before what was there already, not after what was sent since. */
  #first({ messages }: Strand, number: number): void {
    const first = messages[number - 1];
    if (first && first.acknowledgedAt < this.#self.calledAt)
      return this.#wrong('history', `is told of ${first.id}, which the channel had before`);
    const skipped = messages.slice(0, number - 1).filter((each) => this.#due(each));
    if (skipped.length > 0)
      this.#wrong('lost', `begins with ${messages[number - 1]?.id}, ${skipped.length} before it are missing`);
  }

  #gap(gap: Gap, later: readonly Heard[]): void {
    const { first, last, missed, from, stream } = gap;
    const strand = this.#strandOf(gap, later);
    const text = `${missed} of user ${from} on stream ${stream}, ${first} to ${last} (${gap.reason})`;
    const sized = missed === -1 ? last === -1 : missed > 0 && missed === last - first + 1;
    if (strand === undefined || !sized) return this.#wrong('wrong gap', `${text}: not what is missing`);
    if (strand.next === null) this.#first(strand, first);
    if (missed === -1) {
      strand.unknown = true;
      return;
    }
    strand.next = last + 1;
  }

  /** Which life a gap is about is not told: one of whose messages exactly these may be missing. */
  #strandOf({ from, stream, first, last, t }: Gap, later: readonly Heard[]): Strand | undefined {
    const latest = this.#latest.get(from)?.life.calledAt ?? 0;
    const fitting = [...this.#strands.values()].filter(({ life, messages, next }) => {
      const [head] = messages;
      if (life.uid !== from || head?.stream !== stream || life.calledAt < latest) return false;
      // Nothing is missing that has not been sent.
      const newest = messages[Math.max(first, last) - 1];
      if (newest === undefined || newest.t > t) return false;
      return next === null || next === first;
    });
    const begun = fitting.filter(({ next }) => next !== null);
    // The one that goes on right after it, else the one that ends with it.
    return (
      fitting.find((strand) => this.#nextOf(strand, later) === last + 1) ??
      fitting.find(({ messages }) => messages.length === last) ??
      begun[0] ??
      fitting[0]
    );
  }

  /** The number of the next message of a strand that comes. */
  #nextOf({ life, messages }: Strand, later: readonly Heard[]): number | undefined {
    const [head] = messages;
    for (const line of later) {
      const message = line.what === 'got' ? this.#sent.get(line.id) : undefined;
      if (message?.life === life && message.stream === head?.stream) return message.number;
    }
    return undefined;
  }

  #atTheEnd({ messages, next, unknown }: Strand): void {
    if (unknown) return;
    const missing = messages.slice((next ?? 1) - 1).filter((each) => this.#due(each));
    if (missing.length > 0)
      this.#wrong('lost', `${missing.length} never came, ${missing[0]?.id} to ${missing.at(-1)?.id}`);
  }

  /** Whether this receiver must have, or miss, a message: it is acknowledged and was sent when this one was in. */
  #due({ acknowledged, t }: Sent): boolean {
    return acknowledged && t > this.#self.joinedAt;
  }

  #wrong(wrong: Wrong, text: string): void {
    this.#violations.push({ wrong, life: this.#self.name, text });
  }
}

function strandsOf(life: Life): [string, Strand][] {
  const heads = life.sent.filter(({ number }) => number === 1);
  return heads.map((head) => {
    const messages = life.sent.filter(({ stream }) => stream === head.stream);
    return [keyOf(head), { life, messages, next: null, unknown: false, had: new Set() }];
  });
}

function keyOf({ life, stream }: Sent): string {
  return `${life.name} ${stream}`;
}
