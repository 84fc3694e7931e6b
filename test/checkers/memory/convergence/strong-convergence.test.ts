/** Causal convergence to the end, by examples, and against a definition spelled out by brute force. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventual, strongConvergence } from "../../../../checkers/memory/convergence/index.js";
import { timeline } from "../../timeline.js";
import { convergesStrongly, type Program, recordedProgram } from "./brute-force.js";

const judge = (text: string, init = 0) => strongConvergence({ init }).check(timeline(text));
const found = (text: string, init = 0) => {
  const { valid, anomalies } = judge(text, init);
  return valid === false ? anomalies.map(({ type }) => type) : valid;
};

/** Eventual and strong convergence of a history. */
const both = (text: string) => [
  eventual({ init: 0 }).check(timeline(text)).valid,
  judge(text).valid,
];

describe("named histories", () => {
  it.each<[string, string, [boolean, boolean]]>([
    [
      "Conv-ok",
      `1 write 1 @x 0..1
       2 write 2 @x 0..1
       1 read = 2 @x 4..5 final
       2 read = 2 @x 4..5 final`,
      [true, true],
    ],
    [
      "Conv-split",
      `1 write 1 @x 0..1
       2 write 2 @x 0..1
       1 read = 1 @x 4..5 final
       2 read = 2 @x 4..5 final`,
      [false, false],
    ],
    [
      "Conv-lost",
      `1 write 1 @x 0..1
       2 read = 1 @x 2..3
       1 read = 0 @x 4..5 final
       2 read = 0 @x 4..5 final`,
      [false, false],
    ],
    [
      "Conv-older",
      `1 write 1 @x 0..1
       1 write 2 @x 2..3
       1 read = 1 @x 4..5 final
       2 read = 1 @x 4..5 final`,
      [true, false],
    ],
    [
      "Conv-partial",
      `1 write 1 @x 0..1
       2 write 2 @x 0..1
       4 read = 1 @x 2..3
       2 read = 2 @x 4..5 final
       3 read = 2 @x 4..5 final
       4 read = 2 @x 4..5 final`,
      [true, true],
    ],
  ])("%s", (_, text, verdicts) => {
    expect(both(text)).toEqual(verdicts);
  });
});

describe("a final read", () => {
  it("of another session may not return what was overwritten knowingly", () => {
    const chain = `1 write 1 @x 0..1
      2 read = 1 @x 2..3
      2 write 2 @x 4..5
      3 read = 1 @x 6..7 final`;
    expect(found(chain)).toEqual(["WriteCORead"]);
    expect(found(chain.replace("3 read = 1", "3 read = 2"))).toBe(true);
  });

  it("and an earlier one must agree on the order of conflicting writes", () => {
    const seen = (first: number, last: number) => `1 write 1 @x 0..1
      2 write 2 @x 0..1
      1 read = ${first} @x 2..3
      2 read = ${first} @x 2..3
      3 read = ${last} @x 6..7 final`;
    expect(found(seen(2, 2))).toBe(true);
    expect(found(seen(2, 1))).toEqual(["CyclicCF"]);
  });

  it("that began before the last write had ended says nothing", () => {
    const early = "1 write 1 @x 0..1\n1 write 2 @x 2..9\n2 read = 1 @x 4..5 final";
    expect(found(early)).toBe("unknown");
  });

  it("need not know of a write that was begun later and never ended", () => {
    const late = `1 write 1 @x 0..1
      2 read = 1 @x 2..3 final
      1 write 2 @x 4..?
      3 read = 2 @x 5..6`;
    expect(found(late)).toBe(true);
  });

  it("must know of a write of unknown outcome that somebody read", () => {
    const read = (last: number) => `1 write 1 @x 0..1
      1 read = 1 @x 2..3
      1 write 2 @x 4..?
      3 read = 2 @x 5..6
      4 read = ${last} @x 8..9 final`;
    expect(found(read(2))).toBe(true);
    expect(found(read(1))).toEqual(["WriteCORead"]);
  });

  it("must know of updates, which overwrite what they found", () => {
    const swapped = (last: number) => `1 write 1 @x 0..1
      2 cas [1,2] @x 2..3
      3 read = ${last} @x 4..5 final`;
    expect(found(swapped(2))).toBe(true);
    expect(found(swapped(1))).toEqual(["WriteCORead"]);
  });
});

describe("strong convergence", () => {
  it("is violated where causal convergence is, without any final read", () => {
    expect(found("1 write 1 @x 0..1\n1 read = 0 @x 2..3")).toEqual(["WriteCOInitRead"]);
  });

  it("tells a read from thin air once", () => {
    expect(found("1 write 1 @x 0..1\n2 read = 7 @x 2..3 final")).toEqual(["ThinAirRead"]);
  });

  it("is unknown without final reads and recorded states", () => {
    const { valid, reason } = judge("1 write 1 @x 0..1");
    expect(valid).toBe("unknown");
    expect(reason).toBe("no final read after the last write, and no state recorded by a replica");
  });

  it("is judged by what replicas recorded, too", () => {
    const states = (other: string) => `1 write 1 @x 0..1
      n1 state {"delivered":["a"],"state":{"x":1}} 2
      n2 state {"delivered":["a"],"state":${other}} 2`;
    expect(found(states('{"x":1}'))).toBe(true);
    expect(found(states('{"x":2}'))).toEqual(["divergent-replicas"]);
    expect(judge(states('{"x":1}')).notes).toMatchObject({
      states: 2,
      deliveries: 1,
      sharedDeliveries: 1,
    });
  });

  it("of collections is unknown, unless replicas recorded their states", () => {
    const set = "1 add 1 @s 0..1\n2 read = [1] @s 2..3 final";
    const { valid, reason } = judge(set);
    expect(valid).toBe("unknown");
    expect(reason).toContain("causality is judged of reads and writes only");
    const state = 'n1 state {"delivered":["a"],"state":[1]} 2';
    expect(found(`${set}\n${state}`)).toBe(true);
    expect(found("1 add 1 @s 0..1\n2 read = [] @s 2..3 final")).toEqual(["lost-element"]);
  });
});

/** Two keys, four sessions, a handful of writes; who read what is drawn, nonsense included. */
const program: fc.Arbitrary<Program> = fc
  .array(
    fc.record({
      session: fc.nat(2),
      key: fc.constantFrom("x", "y"),
      isWrite: fc.boolean(),
      source: fc.nat(9),
    }),
    { maxLength: 7 },
  )
  .chain((steps) =>
    fc
      .array(fc.record({ session: fc.nat(3), key: fc.constantFrom("x", "y"), source: fc.nat(9) }), {
        maxLength: 3,
      })
      .map((finals) => ({ steps, finals })),
  );

describe("against its definition", () => {
  it("the verdict is what all orders of all writes say", () => {
    fc.assert(
      fc.property(program, (drawn) => {
        const { history, accesses } = recordedProgram(drawn);
        const { valid } = strongConvergence({ init: 0 }).check(history);
        const expected = convergesStrongly(accesses);
        if (valid === "unknown") expect(accesses.some(({ final }) => final)).toBe(false);
        else expect(valid).toBe(expected);
      }),
      { numRuns: Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 400) },
    );
  });
});
