/** From columns to accesses: sessions, sources, what is left out, and what has a choice. */

import { describe, expect, test } from "vitest";
import { INITIAL, THIN_AIR } from "../../../checkers/memory/accesses.js";
import { accessesOf, restrict } from "../../../checkers/memory/accesses-of.js";
import { readingsOf } from "../../../checkers/memory/readings.js";
import { columnsOf } from "../../../histories/columns.js";
import { history, INIT } from "./notation.js";

const readings = (text: string) => readingsOf(columnsOf(history(text)), INIT);
const accesses = (text: string) => accessesOf(readings(text));

describe("accesses of a history", () => {
  test("stand session by session, in program order", () => {
    const { starts, session, kind, keys, sessions } = accesses("w(x,1) r(y)0 | r(x)1 f w(y,2)");
    expect([...starts]).toEqual([0, 2, 5]);
    expect([...session]).toEqual([0, 0, 1, 1, 1]);
    expect([...kind]).toEqual([1, 0, 0, 3, 1]);
    expect({ keys, sessions }).toEqual({ keys: 2, sessions: 2 });
  });

  test("name the write that each read came from", () => {
    expect([...accesses("w(x,1) r(x)1 r(x)0 r(x)7").source]).toEqual([
      INITIAL,
      0,
      INITIAL,
      THIN_AIR,
    ]);
  });

  test("an update reads and writes", () => {
    const { kind, source } = accesses("w(x,1) | cas(x,1,2) | r(x)2 | swap(x,3)2");
    expect([...kind]).toEqual([1, 2, 0, 2]);
    expect([...source]).toEqual([INITIAL, 0, 1, 1]);
  });

  test("what failed is not there, and what read it read thin air", () => {
    const { size, source } = accesses("w(x,1)! | r(x)1");
    expect({ size, source: [...source] }).toEqual({ size: 1, source: [THIN_AIR] });
  });

  test("pending reads are not there", () => {
    expect(accesses("w(x,1) | r(x)?").size).toBe(1);
  });

  test("pending writes are there when somebody read them, directly or through another", () => {
    expect(accesses("w(x,1)? | w(y,1)").size).toBe(1);
    expect(accesses("w(x,1)? | r(x)1").size).toBe(2);
    expect(accesses("w(x,1)? | cas(x,1,2)? | r(x)2").size).toBe(3);
    expect(accesses("w(x,1)? | cas(x,1,2)?").size).toBe(0);
  });
});

describe("a value written more than once", () => {
  test("leaves a choice", () => {
    const { choices } = readings("w(x,1) | w(x,1) | r(x)1");
    expect([...choices]).toEqual([[2, [0, 1]]]);
  });

  test("or written where it was the initial one", () => {
    expect([...readings("w(x,0) | r(x)0").choices]).toEqual([[1, [INITIAL, 0]]]);
  });

  test("of one key says nothing of another", () => {
    expect(readings("w(x,1) | w(y,1) | r(x)1").choices.size).toBe(0);
  });

  test("is not one's own future, where there is another", () => {
    const { source, choices } = readings("w(x,1) | r(x)1 w(x,1)");
    expect([source[1], choices.size]).toEqual([0, 0]);
    expect(readings("r(x)1 w(x,1)").source[0]).toBe(1);
  });

  test("is not what an update itself writes", () => {
    const { source } = readings("w(x,1) | cas(x,1,1)");
    expect(source[1]).toBe(0);
    expect(readings("cas(x,1,1)").source[0]).toBe(0);
  });

  test("a swap without an answer may have found anything", () => {
    const { choices } = readings("w(x,1) | swap(x,2)? | r(x)2");
    expect([...choices]).toEqual([[1, [INITIAL, 0]]]);
  });
});

test("a part of the readings keeps its sources and choices", () => {
  const whole = readings("w(y,9) w(x,1) | w(x,1) r(x)1 | r(y)9");
  const part = restrict(whole, Uint8Array.of(0, 1, 1, 1, 0));
  expect([...part.choices]).toEqual([[2, [0, 1]]]);
  expect([...part.starts]).toEqual([0, 1, 3]);
  expect(part.keys).toBe(1);
});

test("functions that no memory has are refused by name", () => {
  const columns = columnsOf(history("w(x,1)"));
  const strange = { ...columns, functions: ["enqueue"] };
  expect(() => readingsOf(strange, INIT)).toThrow(
    /read, write, cas, swap and fence, not of enqueue/,
  );
});
