/** What an app is told, in whatever order servers speak: promises that no server can make the SDK break. */
import assert from 'node:assert/strict';
import type { Notice } from '@holdfast/core';

export class Told {
  readonly #web: boolean;
  readonly #peers = new Set<number>();
  readonly #streams = new Set<string>();
  #joined = false;
  #over = false;
  #outage: 'none' | 'interrupted' | 'lost' = 'none';

  constructor(web: boolean) {
    this.#web = web;
  }

  take(notice: Notice): void {
    assert(!this.#over, `C-14 ${notice.type} is told after the stay's end`);
    switch (notice.type) {
      case 'joined':
        assert(!this.#joined, 'joined is told twice');
        this.#joined = true;
        this.#outage = 'none';
        return;
      case 'left':
      case 'failed':
        this.#over = true;
        return;
      case 'interrupted':
        assert(this.#joined && this.#outage === 'none', `C-11 interrupted after ${this.#outage}`);
        this.#outage = 'interrupted';
        return;
      case 'lost':
        assert.equal(this.#outage, this.#joined ? 'interrupted' : 'none', 'C-11 lost out of order');
        this.#outage = 'lost';
        return;
      case 'rejoined':
        assert.notEqual(this.#outage, 'none', 'C-11 rejoined without an outage');
        this.#outage = 'none';
        return;
      case 'peer-joined':
      case 'peer-offline':
        return this.#peer(notice.type, notice.member.uid);
      case 'stream-added':
      case 'stream-removed':
        return this.#stream(notice.type, notice.member.uid, notice.stream.id);
      default:
    }
  }

  /** C-21: joined and offline alternate, and a peer takes its streams along. */
  #peer(type: 'peer-joined' | 'peer-offline', uid: number): void {
    assert.equal(this.#peers.has(uid), type === 'peer-offline', `C-21 ${type} of ${uid}`);
    if (type === 'peer-joined') this.#peers.add(uid);
    else this.#peers.delete(uid);
    for (const key of this.#streams) if (key.startsWith(`${uid}/`)) this.#streams.delete(key);
  }

  #stream(type: 'stream-added' | 'stream-removed', uid: number, id: number): void {
    assert(this.#web && this.#peers.has(uid), `C-21 ${type} of ${uid}, who was not announced`);
    const key = `${uid}/${id}`;
    assert.equal(this.#streams.has(key), type === 'stream-removed', `C-21 ${type} of ${key}`);
    if (type === 'stream-added') this.#streams.add(key);
    else this.#streams.delete(key);
  }
}
