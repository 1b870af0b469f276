import { describe, expect, it } from 'vitest';
import { Door } from './door.ts';

describe('C-3 C-56 a door', () => {
  it('where poll after poll brings a connection is crowded, and for as long as those take to speak', () => {
    const stage = new Stage();
    stage.polls(7, 1);
    expect(stage.door.crowded).toBe(false);
    stage.polls(1, 1);
    expect(stage.door.crowded).toBe(true);
    stage.now += 1_999;
    expect(stage.door.crowded).toBe(true);
    stage.now += 1;
    expect(stage.door.crowded).toBe(false);
  });

  it('is not crowded by any number that come one by one, or in one poll', () => {
    const stage = new Stage();
    for (let each = 0; each < 100; each += 1) {
      stage.polls(1, 20);
      stage.polls(1, 0);
    }
    expect(stage.door.crowded).toBe(false);
  });

  it('asks for no more turns when nobody comes', () => {
    const stage = new Stage();
    stage.polls(1, 1);
    stage.polls(1, 0);
    expect(stage.waiting).toEqual([]);
  });
});

class Stage {
  now = 0;
  waiting: (() => void)[] = [];
  readonly door = new Door(
    () => this.now,
    (turn) => this.waiting.push(turn),
  );

  polls(count: number, brings: number): void {
    for (let each = 0; each < count; each += 1) {
      for (let one = 0; one < brings; one += 1) this.door.took();
      for (const turn of this.waiting.splice(0)) turn();
    }
  }
}
