/** Which values a register with siblings must return in the end. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mvRegister } from "../../checkers/index.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => mvRegister.check(timeline(text));
const typesOf = (text: string) => judge(text).anomalies.map(({ type }) => type);

const one = '1 write 1 = {"value":1,"replaced":[]} 0..1';
const two = '2 write 2 = {"value":2,"replaced":[]} 0..1';

describe("concurrent writes", () => {
  it("are both there in the end", () => {
    expect(judge(`${one}\n${two}\n1 read = [1,2] 6..7 final`).valid).toBe(true);
    expect(typesOf(`${one}\n${two}\n1 read = [2] 6..7 final`)).toEqual(["lost-write"]);
  });

  it("give way to a write that has seen them", () => {
    const three = '3 write 3 = {"value":3,"replaced":[1,2]} 2..3';
    const all = `${one}\n${two}\n${three}`;
    expect(judge(`${all}\n1 read = [3] 6..7 final`).valid).toBe(true);
    expect(typesOf(`${all}\n1 read = [1,3] 6..7 final`)).toEqual(["resurrected-value"]);
    expect(typesOf(`${all}\n1 read = [3,1] 4..5\n1 read = [3] 6..7 final`)).toEqual([
      "resurrected-value",
    ]);
  });

  it("may lag in a read during the run", () => {
    const three = '3 write 3 = {"value":3,"replaced":[1]} 2..3';
    expect(judge(`${one}\n${three}\n2 read = [1] 4..5\n1 read = [3] 6..7 final`).valid).toBe(true);
  });
});

describe("a write of unknown outcome", () => {
  it("explains a missing value only where there is a trace of it", () => {
    const unknown = "3 write 3 0..?";
    expect(judge(`${one}\n${unknown}\n1 read = [3] 6..7 final`).valid).toBe(true);
    expect(typesOf(`${one}\n${unknown}\n1 read = [] 6..7 final`)).toEqual(["lost-write"]);
    const four = '4 write 4 = {"value":4,"replaced":[3]} 2..3';
    expect(judge(`${one}\n${unknown}\n${four}\n1 read = [4] 6..7 final`).valid).toBe(true);
  });

  it("has replaced nothing that was made in the knowledge of it", () => {
    const four = '4 write 4 = {"value":4,"replaced":[3]} 2..3';
    expect(typesOf(`3 write 3 0..?\n${four}\n1 read = [] 6..7 final`)).toEqual(["lost-write"]);
  });
});

describe("a read of siblings", () => {
  it("returns what somebody has begun to write, once", () => {
    expect(typesOf(`${one}\n1 read = [1,9] 6..7 final`)).toEqual(["garbage-read"]);
    expect(typesOf(`${one}\n1 read = [1,1] 6..7 final`)).toEqual(["duplicate-value"]);
    expect(typesOf("1 write 1 0..1 failed\n1 read = [1] 6..7 final")).toEqual(["garbage-read"]);
  });

  it("is needed in the end", () => {
    expect(judge(one).valid).toBe("unknown");
  });
});

interface Case {
  /** What each write replaced, among those before it in the list; or not known. */
  writes: (number[] | "unknown")[];
  read: number[];
}

const cases: fc.Arbitrary<Case> = fc
  .array(fc.oneof(fc.uniqueArray(fc.nat(3), { maxLength: 2 }), fc.constant("unknown" as const)), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((drawn) => {
    const writes = drawn.map((replaced, i) =>
      replaced === "unknown" ? replaced : replaced.filter((value) => value < i),
    );
    return fc.record({
      writes: fc.constant(writes),
      read: fc.uniqueArray(fc.nat(writes.length - 1)),
    });
  });

/** Every choice of which unknown writes took effect, and what they replaced: is one as it was read? */
function isPossible({ writes, read }: Case): boolean {
  const unknown = writes.flatMap((replaced, i) => (replaced === "unknown" ? [i] : []));
  const subsets = 1 << writes.length;
  const replaces: number[] = writes.map((replaced) =>
    replaced === "unknown" ? 0 : replaced.reduce((set, value) => set | (1 << value), 0),
  );
  const seen = read.reduce((set, value) => set | (1 << value), 0);
  const search = (at: number, effective: number): boolean => {
    const write = unknown[at];
    if (write === undefined) {
      const gone = replaces.reduce((set, own, i) => (effective & (1 << i) ? set | own : set), 0);
      if ((gone & ~effective) !== 0) return false;
      return (effective & ~gone) === seen && isOrdered(replaces, effective);
    }
    for (let choice = 0; choice < subsets; choice++) {
      replaces[write] = choice & ~(1 << write);
      if (search(at + 1, effective | (1 << write))) return true;
    }
    replaces[write] = 0;
    return search(at + 1, effective);
  };
  const known = writes.reduce<number>(
    (set, replaced, i) => (replaced === "unknown" ? set : set | (1 << i)),
    0,
  );
  return search(0, known);
}

/** No write replaces one that was made in the knowledge of it. */
function isOrdered(replaces: readonly number[], effective: number): boolean {
  let left = effective;
  for (;;) {
    const next = replaces.findIndex((own, i) => (left & (1 << i)) !== 0 && (own & left) === 0);
    if (next < 0) return left === 0;
    left &= ~(1 << next);
  }
}

function verdictOn({ writes, read }: Case) {
  const lines = writes.map((replaced, i) =>
    replaced === "unknown"
      ? `${10 + i} write ${i} 0..?`
      : `${10 + i} write ${i} = {"value":${i},"replaced":${JSON.stringify(replaced)}} 0..1`,
  );
  return judge([...lines, `1 read = ${JSON.stringify(read)} 6..7 final`].join("\n")).valid;
}

describe("the checker of registers with siblings", () => {
  it("accuses no history that has an explanation, whatever unknown writes did", () => {
    fc.assert(
      fc.property(cases, (made) => {
        if (isPossible(made)) expect(verdictOn(made)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it("finds every history without an explanation where one outcome at most is unknown", () => {
    fc.assert(
      fc.property(cases, (made) => {
        fc.pre(made.writes.filter((replaced) => replaced === "unknown").length <= 1);
        expect(verdictOn(made)).toBe(isPossible(made));
      }),
      { numRuns: 400 },
    );
  });
});

describe("what cannot be judged", () => {
  it("is a value that was written twice, and a final read that is no list", () => {
    const again = '2 write 1 = {"value":1,"replaced":[1]} 4..5';
    expect(judge(`${one}\n${again}\n1 read = [1] 6..7 final`).valid).toBe("unknown");
    expect(judge(`${one}\n1 read = 1 6..7 final`).valid).toBe("unknown");
  });
});

describe("a value with two successors", () => {
  it("may be gone when the first of them is done, and must be", () => {
    const late = '3 write 3 = {"value":3,"replaced":[1]} 8..9';
    const next = '2 write 2 = {"value":2,"replaced":[1]} 2..3';
    const both = (final: string) =>
      typesOf(`${one}\n${next}\n${late}\n1 read = ${final} 5..6 final`);
    expect(both("[2]")).toEqual([]);
    expect(both("[1,2]")).toEqual(["resurrected-value"]);
    expect(typesOf(`${one}\n${late}\n1 read = [] 5..6 final`)).toEqual(["lost-write"]);
    const during = '3 write 3 = {"value":3,"replaced":[1]} 4..8';
    expect(typesOf(`${one}\n${during}\n1 read = [] 5..6 final`)).toEqual(["lost-write"]);
    expect(typesOf(`${one}\n${during}\n1 read = [3] 5..6 final`)).toEqual([]);
  });
});
