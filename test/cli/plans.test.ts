/** Plans that have the right shape and make no sense for the system that they name. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { faultline, scratch } from "./faultline.js";

interface Document {
  plan: {
    operations: { f: string; value: unknown }[];
    options: object;
    bugs: string[];
    system: string;
    timeLimitUs: number;
  };
  expected: { anomalies: string[] };
}

describe("replay", () => {
  const cwd = scratch();
  let sound: Document;

  beforeAll(async () => {
    const words = "campaign quorum --bug weak-quorum --seeds 1..100 --max-failures 1 --json";
    const { stdout } = await faultline(words.split(" "), { cwd });
    sound = JSON.parse(readFileSync(join(cwd, JSON.parse(stdout).failures[0].case), "utf8"));
  });

  async function replayed(edit: (document: Document) => void) {
    const document = structuredClone(sound);
    edit(document);
    writeFileSync(join(cwd, "edited.json"), JSON.stringify(document));
    return faultline(["replay", "edited.json"], { cwd });
  }

  it.each<[string, (document: Document) => void, RegExp]>([
    [
      "a function that is not offered",
      ({ plan }) => Object.assign(plan.operations[3] as object, { f: "fly" }),
      /\/operations\/3.*fly/,
    ],
    [
      "an operation without sense",
      ({ plan }) => Object.assign(plan.operations[3] as object, { f: "cas", value: 3 }),
      /\/operations\/3/,
    ],
    ["a bug of nobody's", ({ plan }) => plan.bugs.push("nope"), /nope/],
    ["an option of nobody's", ({ plan }) => Object.assign(plan.options, { tempo: 1 }), /tempo/],
    [
      "another system",
      (document) => Object.assign(document.plan, { system: "counter-set", bugs: [], options: {} }),
      /counter-set/,
    ],
    [
      "a time without end",
      ({ plan }) => Object.assign(plan, { timeLimitUs: 1e300 }),
      /timeLimitUs/,
    ],
  ])("refuses %s in one line, with exit code 2", async (_, edit, mention) => {
    const { code, stderr } = await replayed(edit);
    expect(code).toBe(2);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(mention);
    expect(stderr).toContain("edited.json");
  });

  it("says what to give in place of a plan", async () => {
    const { code, stderr } = await replayed((document) =>
      Object.assign(document, { format: "faultline-plan/1" }),
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/edited.json: .*give the directory of its run/);
  });

  it("exits with 4 when the anomalies are not those that were promised", async () => {
    const { code, stderr } = await replayed((document) => {
      document.expected.anomalies = ["divergence-of-opinion"];
    });
    expect(code).toBe(4);
    expect(stderr).toMatch(/the anomalies were divergence-of-opinion and are /);
  });
});
