/** Histories of real systems with verdicts that other checkers agree on; skipped where they are not at hand. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { linearizable } from "../../../checkers/index.js";
import { readHistoryText } from "../../../histories/index.js";

const DATA = "../shared/data";

interface Case {
  file: string;
  expected: boolean;
}

function casesIn(folder: string): Case[] {
  const table = `${DATA}/${folder}/verdicts.tsv`;
  if (!existsSync(table)) return [];
  const [, ...lines] = readFileSync(table, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [name, linearizable] = line.split("\t");
    return { file: `${DATA}/${folder}/${name}`, expected: linearizable === "true" };
  });
}

const collections = [
  { folder: "etcd", type: "cas-register", what: "an etcd register under Jepsen" },
  { folder: "kv", type: "kv", what: "a key-value store with appends" },
];

for (const { folder, type, what } of collections) {
  const cases = casesIn(folder);
  describe.skipIf(cases.length === 0)(`${what} (in ${DATA}/${folder}, skipped when absent)`, () => {
    it.each(cases)("$file is judged $expected", ({ file, expected }) => {
      const { history } = readHistoryText(readFileSync(file, "utf8"), { file });
      const { valid, anomalies, notes } = linearizable({ type }).check(history);
      expect(valid).toBe(expected);
      expect(anomalies.length > 0).toBe(!expected);
      expect(notes?.["steps"]).toBeLessThan(10_000);
    });
  });
}
