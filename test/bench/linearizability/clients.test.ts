/** Generated histories are well formed, repeatable, and as lossy as asked; how they are judged is the bench's matter. */

import { describe, expect, it } from "vitest";
import {
  type Case,
  columnsOfCase,
  type ObjectName,
  objects,
} from "../../../bench/linearizability/cases.js";
import { type Columns, outcomes, PENDING } from "../../../histories/columns.js";

const SETTING = { clients: 5, lostPercent: 5, violating: false, size: 400, seed: 1 };
const names = Object.keys(objects) as ObjectName[];

function generated(object: ObjectName, setting: Partial<Case> = {}): Columns {
  return columnsOfCase({ ...SETTING, ...setting, object });
}

describe.each(names)("a generated history of a %s", (object) => {
  it.each([false, true])("is well formed (violating: %s)", (violating) => {
    const columns = generated(object, { violating });
    const { size, eventCount, invoked, completed, outcome } = columns;
    expect(size).toBe(SETTING.size);
    expect([...invoked]).toEqual([...invoked].sort((a, b) => a - b));
    const positions = [...invoked, ...completed].filter((position) => position !== PENDING);
    expect(new Set(positions).size).toBe(eventCount);
    expect(Math.max(...positions)).toBe(eventCount - 1);
    for (let i = 0; i < size; i++) {
      expect(completed[i]).toBeGreaterThan(invoked[i]!);
      expect(completed[i] === PENDING).toBe(outcome[i] === outcomes.info);
    }
  });

  it("has processes that act one operation at a time, and never again after a lost one", () => {
    const { size, process, invoked, completed } = generated(object);
    const freeFrom = new Map<number, number>();
    for (let i = 0; i < size; i++) {
      expect(invoked[i]).toBeGreaterThan(freeFrom.get(process[i]!) ?? -1);
      freeFrom.set(process[i]!, completed[i]!);
    }
    expect(freeFrom.size).toBeGreaterThan(SETTING.clients);
  });

  it("is the same for the same seed only", () => {
    expect(generated(object).completed).toEqual(generated(object).completed);
    expect(generated(object).completed).not.toEqual(generated(object, { seed: 2 }).completed);
  });
});

describe("lost operations", () => {
  it("do not occur unless they are asked for", () => {
    const { outcome } = generated("register, values 0..5", { lostPercent: 0 });
    expect(outcome).not.toContain(outcomes.info);
  });

  it("occur about as often as they are asked for", () => {
    const { outcome } = generated("register, values 0..5", { size: 20_000 });
    const lost = outcome.filter((one) => one === outcomes.info).length;
    expect(lost).toBeGreaterThan(800);
    expect(lost).toBeLessThan(1200);
  });
});

describe("a violating register", () => {
  it("differs from the valid one in a single answer, when its values are unique", () => {
    const valid = generated("register, unique values");
    const violating = generated("register, unique values", { violating: true });
    const different = [...valid.output].flatMap((id, i) => (id === violating.output[i] ? [] : [i]));
    expect(different).toHaveLength(1);
    expect(valid.f[different[0]!]).toBe(valid.functions.indexOf("read"));
  });

  it("reads a value that another write had replaced, before that read began", () => {
    const { size, f, functions, input, output, invoked, completed } = generated(
      "register, unique values",
      { violating: true },
    );
    const write = functions.indexOf("write");
    const all = Array.from({ length: size }, (_, i) => i);
    const writes = all.filter((i) => f[i] === write);
    const stale = all.filter((read) => {
      const source = writes.find((w) => input[w] === output[read]);
      if (f[read] === write || completed[read] === PENDING || source === undefined) return false;
      return writes.some((w) => completed[source]! < invoked[w]! && completed[w]! < invoked[read]!);
    });
    expect(stale).toHaveLength(1);
  });
});
