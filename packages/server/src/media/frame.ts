/** What the SFU has to know of the frame that a packet is a part of. */
export interface Frame {
  /** It begins a frame that needs no other. */
  readonly key: boolean;
  /** The number of its frame and how many bytes of the packet have it; null: frames are not numbered. */
  readonly picture: { readonly id: number; readonly at: number; readonly bytes: 1 | 2 } | null;
  /** Its frame's temporal layer: frames of a layer need none of a higher one. Null: there are no layers. */
  readonly layer: number | null;
  /** Its frame needs nothing but the lowest layer: a receiver may begin with its layer here. */
  readonly sync: boolean;
}
