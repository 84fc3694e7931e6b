/**
 * Linearizability: how long verdicts take, how much memory, and whether they are right.
 *
 *     npm run bench -- linearizability [matrix files types search reading] [--quick] [--seed N]
 *                      [--peer] [--peer-size 10000] [--peer-seconds 10]
 *
 * matrix: 96 register histories whose verdict is known. types: the other types with an algorithm of
 * their own. search: what is left to the search. files: recorded histories, beside Porcupine.
 * reading: a million operations from a file. `--peer` runs Porcupine on the matrix, too, up to a size
 * and for at most so many seconds each: it takes up to 20 GB. `--quick` stops at 10,000 operations.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { wantedParts } from "../parts.js";
import { matrixRows, searchRows, typeRows } from "./cases.js";
import { filesBench } from "./files.js";
import { judgeAll } from "./generated.js";
import { Porcupine } from "./peer.js";
import { readingBench } from "./reading.js";

const PARTS = ["matrix", "files", "types", "search", "reading"] as const;
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const LIMIT_SECONDS = 120;
const FILE_PASSES = 11;

export async function linearizabilityBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      peer: { type: "boolean", default: false },
      seed: { type: "string", default: "1" },
      "peer-size": { type: "string", default: "10000" },
      "peer-seconds": { type: "string", default: "10" },
    },
  });
  const wants = wantedParts(positionals, PARTS);
  if (wants === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "faultline-linearizability-"));
  try {
    const needsPeer = wants("files") || (wants("matrix") && values.peer);
    const porcupine = needsPeer ? await Porcupine.build(folder) : undefined;
    const seed = Number(values.seed);
    const sizes = values.quick ? SIZES.slice(0, 2) : SIZES;
    const common = { seed, sizes, limitSeconds: LIMIT_SECONDS };
    if (wants("files")) await filesBench(porcupine, FILE_PASSES);
    if (wants("matrix")) {
      const limits = {
        folder,
        sizeMax: Number(values["peer-size"]),
        limitSeconds: Number(values["peer-seconds"]),
      };
      const peer = values.peer && porcupine !== undefined ? { porcupine, ...limits } : undefined;
      await judgeAll({ ...common, title: "registers", rows: matrixRows(), peer });
    }
    if (wants("types")) {
      await judgeAll({ ...common, title: "other types", rows: typeRows() });
    }
    if (wants("search")) {
      const title = "what is left to the search";
      await judgeAll({ ...common, title, rows: searchRows(), sizes: sizes.slice(0, 3) });
    }
    if (wants("reading")) await readingBench(folder, values.quick ? 10_000 : 1_000_000, seed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
