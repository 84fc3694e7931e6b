/** CRAQ's versions: dirty, clean, and garbage. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.js";
import { Versions } from "../../../systems/chain/versions.js";

let requests = 0;
const write = (key: string, value: Json) => ({
  client: "c1",
  number: ++requests,
  operation: { type: "write", key, value },
});
const readOk = (value: Json) => ({ type: "read_ok", value });

describe("the versions of a key", () => {
  it("are dirty until they have passed the tail", () => {
    const versions = new Versions();
    versions.take(write("x", 1));
    expect(versions.isDirty("x")).toBe(true);
    expect(versions.clean("x")).toEqual(readOk(null));
    versions.settle(1);
    expect(versions.isDirty("x")).toBe(false);
    expect(versions.clean("x")).toEqual(readOk(1));
  });

  it("are garbage once a later one is clean", () => {
    const versions = new Versions();
    for (const value of [1, 2, 3]) versions.take(write("x", value));
    versions.settle(1);
    expect(versions.exactly("x", 1)).toEqual(readOk(1));
    versions.settle(2);
    expect(versions.exactly("x", 1)).toBeUndefined();
    expect(versions.exactly("x", 2)).toEqual(readOk(2));
    expect(versions.exactly("x", 3)).toEqual(readOk(3));
    expect(versions.cleanNumber("x")).toBe(2);
  });

  it("are made once for a request that is in the log twice", () => {
    const versions = new Versions();
    const request = write("x", 1);
    versions.take(request);
    versions.take(write("x", 2));
    versions.take(request);
    versions.settle(3);
    expect(versions.clean("x")).toEqual(readOk(2));
  });

  it("are made by a compare-and-set of the newest version, clean or not", () => {
    const versions = new Versions();
    const cas = (from: Json, to: Json) => ({
      client: "c2",
      number: ++requests,
      operation: { type: "cas", key: "x", from, to },
    });
    expect(versions.take(cas(1, 2))).toMatchObject({ code: 20 });
    versions.take(write("x", 1));
    expect(versions.take(cas(7, 2))).toMatchObject({ code: 22 });
    expect(versions.take(cas(1, 2))).toEqual({ type: "cas_ok" });
    expect(versions.read("x")).toEqual(readOk(2));
  });

  it("answer as a map of what has passed the tail would", () => {
    const steps = fc.array(fc.tuple(fc.constantFrom("x", "y"), fc.nat(3)), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (writes) => {
        const versions = new Versions();
        let clean = 0;
        for (const [i, [key, lag]] of writes.entries()) {
          versions.take(write(key, i));
          clean = Math.max(clean, i + 1 - lag);
          versions.settle(clean);
          for (const name of ["x", "y"]) {
            const last = writes.slice(0, clean).findLastIndex(([written]) => written === name);
            expect(versions.clean(name)).toEqual(readOk(last < 0 ? null : last));
            expect(versions.cleanNumber(name)).toBe(last + 1);
            const newest = writes.slice(0, i + 1).findLastIndex(([written]) => written === name);
            expect(versions.isDirty(name)).toBe(newest > last);
          }
        }
      }),
    );
  });
});
