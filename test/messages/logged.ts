/** What clients write down: all that the checker reads. Times are milliseconds since the epoch, of one machine. */
export type Logged = { readonly life: string; readonly t: number } & Happening;

export type Happening =
  /** An app calls its SDK to join. A life is one such stay of one user; a restarted one begins another. */
  | {
      readonly what: 'joining';
      readonly uid: number;
      readonly channel: string;
      readonly dialect: DialectName;
    }
  | { readonly what: 'joined' }
  /** Written before the SDK is given the message. `id` is in what is sent, and unique. */
  | { readonly what: 'sent'; readonly stream: number; readonly id: string }
  /** The SDK did not take it. */
  | { readonly what: 'refused'; readonly id: string }
  /** The SDK has said that the channel has it. */
  | { readonly what: 'acknowledged'; readonly id: string }
  /** `id` is empty if the bytes are not what anybody sends. */
  | { readonly what: 'got'; readonly from: number; readonly stream: number; readonly id: string }
  | {
      readonly what: 'gap';
      readonly from: number;
      readonly stream: number;
      /** −1: unknown, and then `last` is −1 too. */
      readonly missed: number;
      readonly first: number;
      readonly last: number;
      readonly reason: string;
    }
  /** The stay has ended against the app's will. */
  | { readonly what: 'failed'; readonly why: string }
  /** The run is over, after a calm in which everything can arrive: this life was there to the end. */
  | { readonly what: 'end' };

export type DialectName = 'native' | 'apple' | 'web';
