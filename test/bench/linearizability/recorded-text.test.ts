/** Generated histories as files say the same as the columns they were written from. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { columnsOfCase } from "../../../bench/linearizability/cases.js";
import {
  writeEdn,
  writeJsonl,
  writePeerLines,
} from "../../../bench/linearizability/recorded-text.js";
import { type Columns, operationAt } from "../../../histories/columns.js";
import { type Operation, readHistoryText } from "../../../histories/index.js";

const folder = mkdtempSync(join(tmpdir(), "faultline-recorded-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SETTING = { clients: 5, lostPercent: 5, violating: false, size: 300, seed: 1 };

function written(write: (columns: Columns, file: string) => void, columns: Columns): string {
  const file = join(folder, "history");
  write(columns, file);
  return readFileSync(file, "utf8");
}

/** An operation that never returned outputs nothing. */
function facts(operations: readonly Operation[]): unknown[] {
  return operations.map(({ final, output, ...rest }) => [rest, rest.outcome === "ok" && output]);
}

describe("a generated history", () => {
  const columns = columnsOfCase({ object: "register, unique values", ...SETTING });
  const operations = Array.from({ length: columns.size }, (_, i) => operationAt(columns, i));

  it.each([
    ["jsonl", writeJsonl],
    ["edn", writeEdn],
  ] as const)("is read back from %s as it was", (format, write) => {
    const { history } = readHistoryText(written(write, columns), { file: `history.${format}` });
    expect(history.events).toHaveLength(columns.eventCount);
    expect(facts(history.operations)).toEqual(facts(operations));
  });

  it("keeps its keys in JSON Lines", () => {
    const keyed = columnsOfCase({ object: "kv, a key per 1000", ...SETTING });
    const { history } = readHistoryText(written(writeJsonl, keyed), { file: "history.jsonl" });
    expect(history.operations.map(({ key }) => key)).toEqual(
      Array.from({ length: keyed.size }, (_, i) => operationAt(keyed, i).key),
    );
  });

  it("is handed to the peer without the reads that never returned", () => {
    const lines = written(writePeerLines, columns).trim().split("\n");
    const lostReads = operations.filter(({ f, outcome }) => f === "read" && outcome === "info");
    expect(lostReads.length).toBeGreaterThan(0);
    expect(lines).toHaveLength(columns.eventCount - lostReads.length);
    expect(new Set(lines.map((line) => line.replace(/\d+/g, "N")))).toEqual(
      new Set(["call N read", "call N write N", "return N N", "return N nil"]),
    );
  });
});
