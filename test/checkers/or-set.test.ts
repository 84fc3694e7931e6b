/** Which adds a remove can explain, and which not. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orSet } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => orSet.check(timeline(text));
const typesOf = (text: string) => judge(text).anomalies.map(({ type }) => type);

const added = '1 add "x" = {"tag":"a"} 0..1';

describe("an element that was added", () => {
  it("is there in the end", () => {
    expect(judge(`${added}\n1 read = ["x"] 6..7 final`).valid).toBe(true);
    expect(typesOf(`${added}\n1 read = [] 6..7 final`)).toEqual(["lost-add"]);
  });

  it("is gone only where a remove took that add away", () => {
    const seen = '2 remove "x" = {"tags":["a"]} 2..3';
    const blind = '2 remove "x" = {"tags":[]} 2..3';
    expect(judge(`${added}\n${seen}\n1 read = [] 6..7 final`).valid).toBe(true);
    expect(typesOf(`${added}\n${blind}\n1 read = [] 6..7 final`)).toEqual(["lost-add"]);
    expect(typesOf(`${added}\n${seen}\n1 read = ["x"] 6..7 final`)).toEqual([
      "resurrected-element",
    ]);
  });

  it("may be gone by a remove of unknown outcome, and there by such an add", () => {
    expect(judge(`${added}\n2 remove "x" 2..?\n1 read = [] 6..7 final`).valid).toBe(true);
    const taken = `${added}\n2 remove "x" = {"tags":["a"]} 2..3`;
    expect(judge(`${taken}\n3 add "x" 2..?\n1 read = ["x"] 6..7 final`).valid).toBe(true);
  });
});

describe("a read of a set", () => {
  it("may lag, but not return what nobody added, or anything twice", () => {
    const end = '1 read = ["x"] 6..7 final';
    expect(judge(`${added}\n2 read = [] 3..4\n${end}`).valid).toBe(true);
    expect(typesOf(`${added}\n2 read = ["y"] 3..4\n${end}`)).toEqual(["garbage-element"]);
    expect(typesOf(`${added}\n2 read = ["x","x"] 3..4\n${end}`)).toEqual(["duplicate-element"]);
  });

  it("is needed in the end", () => {
    expect(judge(added).valid).toBe("unknown");
  });
});

interface Case {
  adds: ("ok" | "unknown")[];
  removes: (number[] | "unknown")[];
  isThere: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  adds: fc.array(fc.constantFrom("ok" as const, "unknown" as const), {
    minLength: 1,
    maxLength: 4,
  }),
  removes: fc.array(
    fc.oneof(fc.constant("unknown" as const), fc.uniqueArray(fc.nat(3), { maxLength: 3 })),
    { maxLength: 3 },
  ),
  isThere: fc.boolean(),
});

/** Every choice of what the unknown operations did: does one of them leave the element as it was read? */
function isPossible({ adds, removes, isThere }: Case): boolean {
  const known = new Set(removes.flatMap((tags) => (tags === "unknown" ? [] : tags)));
  const anyMayGo = removes.includes("unknown");
  const choices = 1 << adds.length;
  for (let effective = 0; effective < choices; effective++) {
    if (adds.some((fate, i) => fate === "ok" && (effective & (1 << i)) === 0)) continue;
    for (let taken = 0; taken < choices; taken++) {
      const allowed = adds.every((fate, i) => {
        const isTaken = (taken & (1 << i)) !== 0;
        // The tag of an unknown add is not known: an acknowledged remove may well have named it.
        if (fate === "unknown") return true;
        return known.has(i) ? isTaken : !isTaken || anyMayGo;
      });
      if (allowed && ((effective & ~taken) !== 0) === isThere) return true;
    }
  }
  return false;
}

describe("the checker of observed-remove sets", () => {
  it("agrees with a trial of everything that unknown operations may have done", () => {
    fc.assert(
      fc.property(cases, (made) => {
        const adds = made.adds.map((fate, i) =>
          fate === "ok" ? `${10 + i} add "x" = {"tag":${i}} 0..1` : `${10 + i} add "x" 0..?`,
        );
        const removes = made.removes.map((tags, i) =>
          tags === "unknown"
            ? `${20 + i} remove "x" 2..?`
            : `${20 + i} remove "x" = {"tags":${JSON.stringify(tags)}} 2..3`,
        );
        const read = `1 read = ${made.isThere ? '["x"]' : "[]"} 6..7 final`;
        const { valid } = judge([...adds, ...removes, read].join("\n"));
        expect(valid).toBe(isPossible(made));
      }),
      { numRuns: 400 },
    );
  });
});

describe("an add without a tag", () => {
  const bare = '1 add "x" 0..1';

  it("is lost where nobody has begun to remove anything", () => {
    expect(typesOf(`${bare}\n1 read = [] 6..7 final`)).toEqual(["lost-add"]);
  });

  it("is open where a remove may have seen it", () => {
    const end = "1 read = [] 6..7 final";
    expect(judge(`${bare}\n2 remove "x" = {"tags":["a"]} 2..3\n${end}`).valid).toBe("unknown");
    expect(judge(`${bare}\n1 read = null 6..7 final`).valid).toBe("unknown");
  });
});
