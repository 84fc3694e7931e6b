/** Histories that others recorded, outside of the project; skipped where they are not at hand. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEdn } from "../../histories/edn.js";
import type { Operation } from "../../histories/history.js";
import {
  formatEdn,
  formatJsonl,
  readColumns,
  readHistoryFile,
  readJsonl,
} from "../../histories/index.js";
import { told, toldBy } from "./agreement.js";

const DATA = "../shared/data";
const etcd = filesOf(`${DATA}/etcd`, ".log");
const kv = filesOf(`${DATA}/kv`, ".txt");

function filesOf(folder: string, extension: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(extension));
  return names.sort().map((name) => `${folder}/${name}`);
}

/** How often each word occurs after a blank, as grep -c would say of files with one event a line. */
function count(text: string, word: string): number {
  return text.split("\n").filter((line) => new RegExp(`\\s${word}\\b`).test(line)).length;
}

function outcomes(operations: readonly Operation[], outcome: string): number {
  return operations.filter((one) => one.outcome === outcome).length;
}

function expectCounts(text: string, operations: readonly Operation[]): void {
  const [invoke, ok, fail] = [":invoke", ":ok", ":fail"].map((type) => count(text, type));
  expect(operations).toHaveLength(invoke!);
  expect(outcomes(operations, "ok")).toBe(ok);
  expect(outcomes(operations, "fail")).toBe(fail);
  expect(outcomes(operations, "info")).toBe(invoke! - ok! - fail!);
}

describe.skipIf(etcd.length === 0)(`etcd logs (in ${DATA}, skipped when absent)`, () => {
  test.each(etcd)("%s", async (path) => {
    const text = readFileSync(path, "utf8");
    const { history, format, warnings } = await readHistoryFile(path);
    expect(format).toBe("jepsen-log");
    expect(warnings).toEqual([]);
    expect(history.events).toHaveLength(text.trimEnd().split("\n").length);
    expectCounts(text, history.operations);
    for (const { f, input, output, outcome } of history.operations) {
      const numbers = f === "cas" ? (input as number[]) : [f === "write" ? input : 0];
      expect(numbers.every(Number.isInteger)).toBe(true);
      expect(numbers).toHaveLength(f === "cas" ? 2 : 1);
      if (f === "read") expect(input).toBeNull();
      // Null where the log ends before the completion.
      else expect([input, null]).toContainEqual(output);
      if (outcome === "ok" && f !== "read") expect(output).toEqual(input);
      expect(output).not.toBe("timed-out");
    }
  });
});

describe.skipIf(kv.length === 0)(`key-value histories (in ${DATA}, skipped when absent)`, () => {
  test.each(kv)("%s", async (path) => {
    const text = readFileSync(path, "utf8");
    const { history, format, warnings } = await readHistoryFile(path);
    expect(format).toBe("edn");
    expect(warnings).toEqual([]);
    expectCounts(text, history.operations);
    for (const f of ["get", "put", "append"]) {
      const own = history.operations.filter((one) => one.f === f);
      expect(own).toHaveLength(
        text.split("\n").filter((line) => line.includes(`:invoke, :f :${f},`)).length,
      );
      expect(own.every((one) => typeof one.key === "string")).toBe(true);
      if (f === "get")
        expect(own.every((one) => typeof one.output === "string" || one.outcome === "info")).toBe(
          true,
        );
    }
  });
});

test.skipIf(etcd.length + kv.length === 0)(
  `recorded histories are the same in columns (in ${DATA}, skipped when absent)`,
  async () => {
    for (const path of [...etcd, ...kv]) {
      const { columns, format, warnings } = await readColumns(path);
      const result = await readHistoryFile(path);
      expect(toldBy(columns)).toEqual(told(result.history));
      expect({ format, warnings }).toEqual({ format: result.format, warnings: result.warnings });
    }
  },
);

test.skipIf(etcd.length + kv.length === 0)(
  `recorded histories survive both of our formats (in ${DATA}, skipped when absent)`,
  async () => {
    for (const path of [...etcd, ...kv]) {
      const { events } = (await readHistoryFile(path)).history;
      expect(readEdn(formatEdn(events)).events).toEqual(events);
      expect(readJsonl(formatJsonl(events).split("\n")).events).toEqual(events);
    }
  },
);
