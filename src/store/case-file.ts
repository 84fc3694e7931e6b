/**
 * A case: one failing run as a document that anybody can replay, edit and commit.
 *
 * It holds the plan, what came of it, the trace hash, and a checkpoint of the rolling hash every
 * 1,024 events, so that a replay that differs can say where. A gate reads from it whether the
 * failure is to be gone (the rule) or still open; a shrunk case tells what it was shrunk from.
 *
 * Format 1 is format 2 without `gate` and `shrunk`: it is read as such.
 */

import type { Validity } from "../../checkers/index.js";
import { UsageError } from "../base/errors.js";
import { isJsonObject, type Json } from "../base/json.js";
import { validator } from "../base/schema.js";
import type { Plan } from "../plan/plan.js";
import { parsePlan } from "../plan/schema.js";
import type { Exactness } from "../sim/host.js";

export const CASE_FORMAT = "faultline-case/2";

const OLD_FORMAT = "faultline-case/1";

export interface Case {
  format: typeof CASE_FORMAT;
  /** The version of Faultline that made it: hashes are promised for the same version. */
  version: string;
  expected: Expected;
  /** What a gate expects of the plan on the code of today; `passes` when left out. */
  gate?: GateMark;
  /** Where it comes from, when it is the smallest story found. */
  shrunk?: ShrunkMark;
  plan: Plan;
}

export interface GateMark {
  expected: "passes" | "fails";
  /** Where a failure that is expected is tracked. */
  issue?: string;
}

export interface ShrunkMark {
  /** What failures are counted as one by: the signature and the kinds of fault left. */
  group: string;
  /** What it was before, for those who wonder. */
  from: ShrunkFrom;
  /** How many runs it took. */
  runs: number;
  /** Whether taking away any single fault or operation was seen to make it pass. */
  minimal: boolean;
}

export interface ShrunkFrom {
  nodes: number;
  clients: number;
  operations: number;
  faults: number;
  /** Shrinking tries cuts under other seeds, too; left out by versions that did not keep it. */
  seed?: number;
}

/** What a replay must give again. */
export interface Expected {
  valid: Validity;
  exactness: Exactness;
  /** checker/property/anomaly, of the first anomaly; null when there is none. */
  signature: string | null;
  /** All anomaly types, sorted. */
  anomalies: string[];
  traceHash: string;
  historyHash: string;
  checkpoints: string[];
}

const hex = { type: "string", pattern: "^[0-9a-f]+$" } as const;

export const expectedSchema = {
  type: "object",
  properties: {
    valid: { enum: [true, false, "unknown"] },
    exactness: { enum: ["bit", "schedule", "statistical"] },
    signature: { type: ["string", "null"] },
    anomalies: { type: "array", items: { type: "string" } },
    traceHash: hex,
    historyHash: hex,
    checkpoints: { type: "array", items: hex },
  },
  required: [
    "valid",
    "exactness",
    "signature",
    "anomalies",
    "traceHash",
    "historyHash",
    "checkpoints",
  ],
} as const;

const count = { type: "integer", minimum: 0 } as const;
const sizes = { nodes: count, clients: count, operations: count, faults: count } as const;

const caseSchema = {
  type: "object",
  properties: {
    format: { enum: [OLD_FORMAT, CASE_FORMAT] },
    version: { type: "string" },
    expected: expectedSchema,
    gate: {
      type: "object",
      properties: {
        expected: { enum: ["passes", "fails"] },
        issue: { type: "string", pattern: "^https?://\\S+$" },
      },
      required: ["expected"],
      additionalProperties: false,
    },
    shrunk: {
      type: "object",
      properties: {
        group: { type: "string" },
        from: {
          type: "object",
          properties: { ...sizes, seed: count },
          required: Object.keys(sizes),
        },
        runs: count,
        minimal: { type: "boolean" },
      },
      required: ["group", "from", "runs", "minimal"],
    },
    plan: { type: "object" },
  },
  required: ["format", "version", "expected", "plan"],
} as const;

const validateCase = validator(caseSchema);
const validateExpected = validator(expectedSchema);

/** @throws UsageError saying what is wrong and where in the document. */
export function parseCase(value: Json, file: string): Case {
  refuseForeign(value, file);
  const error = validateCase(value);
  if (error !== undefined) {
    const where = error.instancePath || "the document";
    const hint =
      isJsonObject(value) && "format" in value
        ? ""
        : " (a case has a format, an expected and a plan)";
    throw new UsageError(`${file}: not a case: ${where} ${error.message}${hint}`);
  }
  const document = value as unknown as Case;
  const plan = parsePlan(document.plan as unknown as Json, file);
  return { ...document, format: CASE_FORMAT, plan };
}

/** A document that says itself that it is something else is refused by the name it gives. */
function refuseForeign(value: Json, file: string): void {
  const format = isJsonObject(value) ? value["format"] : undefined;
  if (typeof format !== "string" || format === OLD_FORMAT || format === CASE_FORMAT) return;
  const number = /^faultline-case\/(\d+)$/.exec(format)?.[1];
  const foreign = format.startsWith("faultline-plan/")
    ? "give the directory of its run"
    : `cases are ${CASE_FORMAT}`;
  const advice =
    number === undefined ? foreign : `this version reads up to ${CASE_FORMAT}: update Faultline`;
  throw new UsageError(`${file}: a document of format ${JSON.stringify(format)}: ${advice}`);
}

/** @throws UsageError saying what is wrong and where in the document. */
export function parseExpected(value: Json, file: string): Expected {
  const error = validateExpected(value);
  if (error === undefined) return value as unknown as Expected;
  throw new UsageError(
    `${file}: not results: ${error.instancePath || "the document"} ${error.message}`,
  );
}
