/** Arrows lead from box to box, and their labels keep out of each other's way. */

import { describe, expect, it } from "vitest";
import { arrow, roomOn } from "../../../../checkers/transactions/explain/page/arrow.js";

const box = (x: number, y: number) => ({ x, y, width: 40, height: 20 });

describe("an arrow", () => {
  it("leaves the lower edge of what is above, for the upper edge of what is below, and back", () => {
    expect(arrow(box(0, 0), box(100, 90), 0)).toMatchObject({
      path: expect.stringMatching(/^M12,20 C.* 112,90$/),
    });
    expect(arrow(box(100, 90), box(0, 0), 1)).toMatchObject({
      path: expect.stringMatching(/^M128,90 C.* 28,20$/),
    });
  });

  it("rises over its lane, or dips under it, between boxes of one lane", () => {
    const heights = (number: number) => arrow(box(0, 50), box(100, 50), number).at(0.5).y;
    expect(heights(0)).toBeLessThan(50);
    expect(heights(1)).toBeGreaterThan(70);
  });

  it("begins within the narrowest of boxes", () => {
    const sliver = { x: 10, y: 0, width: 0, height: 20 };
    expect(arrow(sliver, box(100, 90), 0).at(0)).toEqual({ x: 10, y: 20 });
  });
});

describe("a label", () => {
  const one = arrow(box(0, 0), box(100, 90), 0);

  it("stands in the middle of its arrow if there is room", () => {
    const room = roomOn(one, 30, 10, []);
    expect({ x: room.x + 15, y: room.y + 5 }).toEqual(one.at(0.5));
  });

  it("moves along the arrow to where nothing is", () => {
    const first = roomOn(one, 30, 10, []);
    const second = roomOn(one, 30, 10, [first]);
    const apart = second.y >= first.y + 10 || second.y + 10 <= first.y;
    expect(apart || Math.abs(second.x - first.x) >= 30).toBe(true);
  });
});
