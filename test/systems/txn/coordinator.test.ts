/** One node alone is its own leader: it shows what clients are told, and what is told only once. */

import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.js";
import type { Json, JsonObject } from "../../../src/base/json.js";
import { txn } from "../../../systems/txn/index.js";
import { Solo, type SoloOptions } from "../solo.js";

let requests = 0;

async function elected(options: SoloOptions = {}): Promise<Solo> {
  const solo = new Solo(txn, options);
  await settled(solo);
  return solo;
}

/** Long enough for an election, and for any transaction. */
async function settled(solo: Solo): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await solo.advance(25);
    await solo.settle();
  }
}

async function reply(solo: Solo, body: JsonObject): Promise<JsonObject | undefined> {
  const told = solo.tell("c0", { msg_id: ++requests, ...body });
  await settled(solo);
  return told();
}

async function run(solo: Solo, ...micros: Json[]): Promise<Json | undefined> {
  const answer = await reply(solo, { type: "txn", txn: micros });
  return answer?.["txn"] ?? answer;
}

const levels = txn.options["isolation"]?.values as string[];

describe.each(levels)("transactions under %s", (isolation) => {
  it("see what was committed before and what they wrote themselves", async () => {
    const solo = await elected({ options: { isolation } });
    expect(await run(solo, ["r", 1, null], ["append", 1, 5], ["r", 1, null])).toEqual([
      ["r", 1, null],
      ["append", 1, 5],
      ["r", 1, [5]],
    ]);
    await run(solo, ["append", 1, 6], ["w", "y", 7], ["append", 1, 8]);
    expect(
      await run(solo, ["r", 1, null], ["r", "y", null], ["w", "y", 9], ["r", "y", null]),
    ).toEqual([
      ["r", 1, [5, 6, 8]],
      ["r", "y", 7],
      ["w", "y", 9],
      ["r", "y", 9],
    ]);
  });

  it("keep what was committed when the node crashes", async () => {
    const solo = await elected({ options: { isolation } });
    await run(solo, ["append", 1, 5]);
    solo.crash();
    await settled(solo);
    expect(await run(solo, ["r", 1, null])).toEqual([["r", 1, [5]]]);
  });

  it("run once, however often the request comes, even after a crash", async () => {
    const solo = await elected({ options: { isolation } });
    const request = { type: "txn", txn: [["append", 1, 5]], msg_id: 1_000_000 };
    const first = solo.tell("c9", request);
    const copy = solo.tell("c9", request);
    await settled(solo);
    expect([first()?.["type"], copy()]).toEqual(["txn_ok", undefined]);
    solo.crash();
    const late = solo.tell("c9", request);
    await settled(solo);
    expect(late()).toBeUndefined();
    expect(await run(solo, ["r", 1, null])).toEqual([["r", 1, [5]]]);
  });
});

describe("stored procedures", () => {
  it("move money that is there, and no other", async () => {
    const solo = await elected();
    const transfer = { type: "transfer", from: "a", to: "b", opening: 10 };
    expect(await reply(solo, { ...transfer, amount: 4 })).toEqual({ type: "transfer_ok" });
    expect(await reply(solo, { ...transfer, amount: 7 })).toMatchObject({ code: 22 });
    expect(await run(solo, ["r", "a", null], ["r", "b", null])).toEqual([
      ["r", "a", 6],
      ["r", "b", 14],
    ]);
  });

  it("insert one row into a pair", async () => {
    const solo = await elected();
    const insert = { type: "insert", pair: "p", id: 3 };
    expect(await reply(solo, { ...insert, side: "a" })).toEqual({ type: "insert_ok" });
    expect(await reply(solo, { ...insert, side: "b" })).toMatchObject({ code: 22 });
    expect(await run(solo, ["r", "p-a", null])).toEqual([["r", "p-a", 3]]);
  });

  it("count up, with timestamps that grow", async () => {
    const solo = await elected();
    const first = await reply(solo, { type: "increment", key: "k" });
    const second = await reply(solo, { type: "increment", key: "k" });
    expect([first?.["value"], second?.["value"]]).toEqual([1, 2]);
    expect(Number(second?.["timestamp"])).toBeGreaterThan(Number(first?.["timestamp"]));
  });
});

describe("what is no transaction", () => {
  it.each([-1, 1.5])("takes %d ms a step: refused", (stepMs) => {
    expect(() => new Solo(txn, { options: { stepMs } })).toThrow(UsageError);
  });

  it.each([
    [{ type: "write", key: "x", value: 1 }, 10],
    [{ type: "txn", txn: 5 }, 12],
    [{ type: "txn", txn: [["delete", "x", null]] }, 12],
    [{ type: "txn", txn: [["r", null, null]] }, 12],
    [{ type: "transfer", from: "a", to: "b", amount: "all", opening: 1 }, 12],
    [{ type: "insert", pair: 1, side: "a", id: 1 }, 12],
    [{ type: "insert", pair: "p", side: "c", id: 1 }, 12],
  ])("%j is refused with error %i", async (body, code) => {
    expect(await reply(await elected(), body)).toMatchObject({ type: "error", code });
  });
});
