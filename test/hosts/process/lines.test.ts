import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineReader } from "../../../src/hosts/process/lines.js";

function read(chunks: readonly Buffer[], lengthMax = 100): { lines: string[]; tooLong: number } {
  const result = { lines: [] as string[], tooLong: 0 };
  const reader = new LineReader({
    lengthMax,
    line: (text) => result.lines.push(text),
    tooLong: () => result.tooLong++,
  });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return result;
}

describe("a line reader", () => {
  it("gives the same lines however the bytes are cut into pieces", () => {
    const text = fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 20 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(400)), (lines, cuts) => {
        const whole = lines.map((line) => line.replaceAll("\n", ""));
        const bytes = Buffer.from(whole.join("\n"));
        const at = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length];
        at.sort((a, b) => a - b);
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(read(chunks, 1000).lines).toEqual(whole.filter((line) => line !== ""));
      }),
    );
  });

  it("drops a line that is too long, says so once, and goes on with the next", () => {
    const long = Buffer.from("x".repeat(60));
    const { lines, tooLong } = read([Buffer.from("a\n"), long, long, long, Buffer.from("\nb\n")]);
    expect(lines).toEqual(["a", "b"]);
    expect(tooLong).toBe(1);
  });
});
