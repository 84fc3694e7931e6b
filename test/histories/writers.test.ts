import fc from "fast-check";
import { expect, test } from "vitest";
import { Writers } from "../../histories/writers.js";

test("the first writer of a value to a key is found again, and of nothing else", () => {
  const ids = fc.oneof(
    fc.nat(20),
    fc.nat(300).map((n) => n << 12),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(ids, ids), { maxLength: 600 }), (writes) => {
      const key = Int32Array.from(writes, ([id]) => id);
      const value = Int32Array.from(writes, ([, id]) => id);
      const writers = new Writers({ key, value });
      const first = new Map<string, number>();
      for (const [micro, write] of writes.entries()) {
        expect(writers.add(micro)).toBe(first.get(String(write)) ?? -1);
        if (!first.has(String(write))) first.set(String(write), micro);
      }
    }),
  );
});

test.each<[string, (i: number) => [key: number, value: number]]>([
  ["a value of its own each", (i) => [i % 10, i]],
  ["the same values for many keys", (i) => [i >> 6, i & 63]],
  ["two long runs that overlap", (i) => [i & 1, i >> 1]],
  ["values far apart", (i) => [i & 7, (i * 4096) | 0]],
])("many writes stay quick to note: %s", (_, write) => {
  const size = 200_000;
  const key = new Int32Array(size);
  const value = new Int32Array(size);
  for (let i = 0; i < size; i++) [key[i], value[i]] = write(i) as [number, number];
  const writers = new Writers({ key, value });
  let repeated = 0;
  for (let i = 0; i < size; i++) if (writers.add(i) >= 0) repeated += 1;
  expect(repeated).toBe(0);
});
