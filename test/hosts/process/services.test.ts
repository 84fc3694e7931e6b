import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.js";
import { type Service, services } from "../../../src/hosts/process/services/index.js";
import { Streams } from "../../../src/random/streams.js";

function service(name: string, seed = 1): Service {
  const kind = services.find((candidate) => candidate.name === name);
  if (kind === undefined) throw new Error(`no service ${name}`);
  return kind.create(new Streams(seed).stream("service"));
}

const read = (key: string | number): JsonObject => ({ type: "read", key });
const write = (key: string | number, value: number): JsonObject => ({ type: "write", key, value });
const cas = (key: string, from: number, to: number, create = false): JsonObject => ({
  type: "cas",
  key,
  from,
  to,
  ...(create ? { create_if_not_exists: true } : {}),
});

describe("lin-kv", () => {
  it('reads what was written last, and tells 1 from "1" as keys', () => {
    const store = service("lin-kv");
    expect(store.handle("n0", write(1, 5))).toEqual({ type: "write_ok" });
    expect(store.handle("n1", read(1))).toEqual({ type: "read_ok", value: 5 });
    expect(store.handle("n1", read("1"))).toMatchObject({ type: "error", code: 20 });
  });

  it("refuses a cas with 22 when the value differs, with 20 when there is none to compare", () => {
    const store = service("lin-kv");
    expect(store.handle("n0", cas("x", 0, 1))).toMatchObject({ code: 20 });
    expect(store.handle("n0", cas("x", 0, 1, true))).toEqual({ type: "cas_ok" });
    expect(store.handle("n0", cas("x", 0, 2))).toMatchObject({ code: 22 });
    expect(store.handle("n0", cas("x", 1, 2))).toEqual({ type: "cas_ok" });
    expect(store.handle("n0", read("x"))).toMatchObject({ value: 2 });
  });

  it("says that it does not support what it does not know", () => {
    expect(service("lin-kv").handle("n0", { type: "delete", key: 1 })).toMatchObject({ code: 10 });
  });
});

describe("seq-kv", () => {
  it("may show a stale value, but never takes a client back in time", () => {
    for (let seed = 0; seed < 50; seed++) {
      const store = service("seq-kv", seed);
      let last = 0;
      for (let value = 1; value <= 40; value++) {
        store.handle("writer", write("x", value));
        const reply = store.handle("reader", read("x"));
        const seen = (reply["value"] as number | undefined) ?? 0;
        expect(seen).toBeGreaterThanOrEqual(last);
        last = seen;
      }
    }
  });

  it("does show stale values", () => {
    const store = service("seq-kv");
    for (let value = 1; value <= 32; value++) store.handle("writer", write("x", value));
    const seen = Array.from({ length: 20 }, (_, i) => store.handle(`r${i}`, read("x"))["value"]);
    expect(new Set(seen).size).toBeGreaterThan(1);
  });

  it("lets a client read its own writes", () => {
    const store = service("seq-kv");
    for (let value = 0; value < 30; value++) {
      store.handle("n0", write("x", value));
      expect(store.handle("n0", read("x"))).toMatchObject({ value });
    }
  });
});

describe("lww-kv", () => {
  it("converges once nobody writes any more", () => {
    const store = service("lww-kv");
    for (let value = 0; value < 20; value++) store.handle("n0", write("x", value));
    for (let i = 0; i < 200; i++) store.handle("n0", read("y"));
    const seen = Array.from({ length: 20 }, () => store.handle("n1", read("x"))["value"]);
    expect(new Set(seen).size).toBe(1);
  });

  it("forgets acknowledged writes in the meantime", () => {
    const stale = Array.from({ length: 20 }, (_, seed) => {
      const store = service("lww-kv", seed);
      store.handle("n0", write("x", 1));
      return store.handle("n0", read("x"))["type"];
    });
    expect(stale).toContain("error");
  });

  it("creates nothing by cas", () => {
    expect(service("lww-kv").handle("n0", cas("x", 0, 1, true))).toMatchObject({ code: 20 });
  });
});

describe("lin-tso", () => {
  it("counts from 0", () => {
    const oracle = service("lin-tso");
    const stamps = [0, 1, 2].map(() => oracle.handle("n0", { type: "ts" }));
    expect(stamps).toEqual([0, 1, 2].map((ts) => ({ type: "ts_ok", ts })));
  });
});
