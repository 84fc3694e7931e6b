import { describe, expect, it } from "vitest";
import {
  causal,
  causalConvergence,
  causalMemory,
  convergenceWith,
  releaseAcquire,
} from "../../../../checkers/memory/causal/index.js";
import type { Decide, DecideOptions, Violation } from "../../../../checkers/memory/decision.js";
import { accesses } from "./notation.js";

const options = { stepsMax: 100_000 };

function violation(decide: Decide, text: string, given: DecideOptions = options): Violation {
  const decision = decide(accesses(text), given);
  if (decision.holds !== false) throw new Error(`${text}: ${decision.holds}`);
  return decision.violation;
}

const spelled = ({ path }: Violation) =>
  path.map(({ from, to, relation }) => `${from} ${relation} ${to}`);

describe("a violation of a causal model", () => {
  it("by an initial value shows how the write is known", () => {
    const found = violation(causal, "w(x,1) w(y,1) | r(y)1 w(z,1) | r(z)1 r(x)0");
    expect(spelled(found)).toEqual([
      "0 session 1",
      "1 reads-from 2",
      "2 session 3",
      "3 reads-from 4",
      "4 session 5",
    ]);
    expect(found.accesses).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("by an overwritten value shows that it was overwritten, then that this is known", () => {
    const found = violation(causal, "w(x,1) w(y,1) | r(y)1 w(x,2) | r(x)2 r(x)1");
    expect(spelled(found)).toEqual([
      "0 session 1",
      "1 reads-from 2",
      "2 session 3",
      "3 reads-from 4",
      "4 session 5",
    ]);
  });

  it("by a cycle shows the shortest, however long the sessions are", () => {
    const detour = "r(a)1 w(b,1) | r(b)1 w(c,1) | r(c)1 w(a,1)";
    const found = violation(causal, `${detour} | w(z,1) r(x)1 w(z,2) w(y,1) | r(y)1 w(z,3) w(x,1)`);
    expect(found.type).toBe("CyclicCO");
    expect(found.path.length).toBeLessThanOrEqual(6);
    expect(found.path.at(-1)!.to).toBe(found.path[0]!.from);
  });

  it("by conflicts names the reads that they follow from", () => {
    const found = violation(causalConvergence, "w(x,1) | w(x,2) | r(x)1 r(x)2 | r(x)2 r(x)1");
    expect(spelled(found)).toEqual(["0 overwrites 1", "1 overwrites 0"]);
    expect(found.accesses).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("of causal memory names whose view it is", () => {
    const found = violation(causalMemory, "w(x,1) | w(x,2) r(x)1 r(x)2");
    expect(found).toMatchObject({ type: "CyclicHB", view: 1 });
  });

  it("by two updates shows that each would be overwritten by the other", () => {
    for (const decide of [causalConvergence, releaseAcquire]) {
      const found = violation(decide, "w(x,1) | u(x,2)1 | u(x,3)1");
      expect(spelled(found)).toEqual(["1 replaced 2", "2 replaced 1"]);
      expect(found.accesses).toEqual([0, 1, 2]);
    }
  });

  it("by a write within a chain of updates goes round by that write", () => {
    for (const decide of [causalConvergence, releaseAcquire]) {
      const found = violation(decide, "w(x,1) | r(x)1 w(x,2) | u(x,3)1 | r(x)2 r(x)3");
      expect(found.path.at(-1)!.to).toBe(found.path[0]!.from);
      expect(found.accesses).toEqual(expect.arrayContaining([0, 2, 3]));
    }
  });
});

describe("a claimed order of writes", () => {
  const text = "w(x,1) | w(x,2) | r(x)1 r(x)2";
  const claiming = (...order: number[]) => ({ ...options, orders: [Int32Array.from(order)] });

  it.each([causalConvergence, releaseAcquire])("is kept by orders that extend it", (decide) => {
    expect(decide(accesses(text), claiming(0, 1)).holds).toBe(true);
    expect(violation(decide, text, claiming(1, 0)).type).toBe("CyclicCF");
  });

  it("is nothing to models without such an order", () => {
    expect(causal(accesses(text), claiming(1, 0)).holds).toBe(true);
    expect(causalMemory(accesses(text), claiming(1, 0)).holds).toBe(true);
  });

  it("against the order of a session is a violation by itself", () => {
    for (const decide of [causalConvergence, releaseAcquire]) {
      const found = violation(decide, "w(x,1) w(x,2)", claiming(1, 0));
      expect(found.type).toBe("version-order-violation");
      expect(spelled(found)).toEqual(["0 session 1", "1 overwrites 0"]);
    }
  });

  it("that parts an update from its source loses the update", () => {
    for (const decide of [causalConvergence, releaseAcquire]) {
      expect(violation(decide, "w(x,1) | w(x,2) | u(x,3)1", claiming(0, 1, 2)).type).toBe(
        "lost-update",
      );
    }
  });
});

describe("convergence with writes that a read must have seen", () => {
  it("fails where the read returned something else that cannot be later", () => {
    const history = accesses("w(x,1) w(x,2) | r(x)1");
    expect(convergenceWith(history, options, []).holds).toBe(true);
    expect(convergenceWith(history, options, [[1, 2]])).toMatchObject({
      violation: {
        type: "WriteCORead",
        path: [
          { from: 0, to: 1 },
          { from: 1, to: 2, relation: "causes" },
        ],
      },
    });
  });

  it("fails where final reads differ", () => {
    const history = accesses("w(x,1) r(x)1 | w(x,2) r(x)2");
    const sees: [number, number][] = [
      [0, 1],
      [0, 3],
      [2, 1],
      [2, 3],
    ];
    expect(convergenceWith(history, options, sees)).toMatchObject({
      violation: { type: "CyclicCF" },
    });
  });
});
