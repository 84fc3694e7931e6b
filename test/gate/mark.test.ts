import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planRun } from "../../src/controller/index.js";
import { marked, unmarked } from "../../src/gate/index.js";

const issue = "https://example.org/issues/7";
const hash = "0123456789abcdef";

function caseDocument(more: object = {}): object {
  return {
    format: "faultline-case/2",
    version: "0.1.0",
    expected: {
      valid: false,
      exactness: "bit",
      signature: 'linearizable/kv/stale-read "}, {',
      anomalies: ["stale-read"],
      traceHash: hash,
      historyHash: hash,
      checkpoints: [hash],
    },
    ...more,
    plan: planRun({ seed: 1, system: "quorum", operations: 3, nemesis: ["none"] }),
  };
}

/** The same document as different people's tools would lay it out. */
const layouts = {
  "as it is saved": (document: object) => `${JSON.stringify(document, null, 2)}\n`,
  "with tabs": (document: object) => JSON.stringify(document, null, "\t"),
  "on one line": (document: object) => JSON.stringify(document),
  "with short lists on one line": (document: object) =>
    `${JSON.stringify(document, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, "[$1]")}\n`,
};

describe("a case that is marked as failing", () => {
  for (const [name, layout] of Object.entries(layouts)) {
    it(`says so with a link, and all else stays, byte by byte, ${name}`, () => {
      const text = layout(caseDocument());
      const after = marked(text, issue, "a.json");
      expect(JSON.parse(after)).toEqual({
        ...(JSON.parse(text) as object),
        gate: { expected: "fails", issue },
      });
      expect(unmarked(after, "a.json")).toBe(text);
      expect(marked(after, issue, "a.json")).toBe(after);
    });
  }

  it("is laid out as if it had been saved so", () => {
    const text = layouts["as it is saved"](caseDocument());
    const saved = layouts["as it is saved"](caseDocument({ gate: { expected: "fails", issue } }));
    expect(marked(text, issue, "a.json")).toBe(saved);
  });

  it("loses the mark wherever in the document it stands", () => {
    const { format, ...rest } = caseDocument() as { format: string };
    const gate = { expected: "fails", issue };
    for (const document of [
      { gate, format, ...rest },
      { format, ...rest, gate },
    ]) {
      for (const layout of Object.values(layouts)) {
        expect(unmarked(layout(document), "a.json")).toBe(layout({ format, ...rest }));
      }
    }
  });

  it("may have any text in its strings: braces, quotes and commas in them are no structure", () => {
    fc.assert(
      fc.property(fc.string(), (version) => {
        const text = layouts["as it is saved"]({ ...caseDocument(), version });
        expect(unmarked(marked(text, issue, "a.json"), "a.json")).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("needs a link, and must be a case", () => {
    const text = layouts["as it is saved"](caseDocument());
    expect(() => marked(text, "PROJ-7", "a.json")).toThrow(/--issue PROJ-7: not a link/);
    expect(() => marked("{}", issue, "a.json")).toThrow(/a\.json: not a case/);
    expect(() => unmarked("{", "a.json")).toThrow(/a\.json: not JSON/);
  });
});
