import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AVAILABLE, classOf } from "../../src/pacelc/classify.js";
import { type Figures, method } from "../../src/pacelc/measure.js";
import { isMeasurable, rowsOf } from "../../src/pacelc/rows.js";
import { systems } from "../../systems/index.js";
import { lwwRegister } from "../../systems/lww-register.js";

function figures(minority: number, consistent: Figures["else"]["consistent"]): Figures {
  const all = { read: 1, write: 1 };
  return {
    partition: {
      availability: { minority: { read: 1, write: minority }, majority: all },
      consistent: false,
    },
    else: { latencyMs: { read: 20, write: 20, oneWayMs: 10 }, consistent },
  };
}

describe("the class of a system", () => {
  it("is PA only where both sides answer, and EC only where all was linearizable", () => {
    expect(classOf(figures(AVAILABLE, false))).toBe("PA/EL");
    expect(classOf(figures(AVAILABLE - 0.01, true))).toBe("PC/EC");
    expect(classOf(figures(0, "unknown"))).toBe("PC/E?");
  });
});

describe("a store that answers by itself", () => {
  it("is available on both sides, fast, inconsistent, and the same for the same seed", async () => {
    const question = { seed: 1, options: {}, bugs: [] };
    const [row] = await rowsOf(lwwRegister, question);
    expect(row).toMatchObject({
      class: "PA/EL",
      partition: { availability: { minority: { read: 1, write: 1 } }, consistent: false },
      else: { consistent: false },
    });
    expect(row?.else.latencyMs.read).toBeLessThan(2.5 * method.oneWayMs);
    expect(await rowsOf(lwwRegister, question)).toEqual([row]);
  });
});

it("is asked of registers only", () => {
  const measured = [...systems.values()].filter(isMeasurable).map(({ name }) => name);
  expect(measured).toEqual(expect.arrayContaining(["raft", "quorum", "dynamo", "chain"]));
  expect(measured).not.toContain("txn");
});

it("the page says what the measurement is made with", () => {
  const page = readFileSync("docs/pacelc.md", "utf8");
  expect(page).toContain(`d = ${method.oneWayMs} ms`);
  expect(page).toContain(`${method.timeoutMs} ms`);
  expect(page).toContain(`${AVAILABLE * 100} %`);
});
