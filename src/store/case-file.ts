/**
 * A case: one failing run as a document that anybody can replay, edit and commit.
 *
 * It holds the plan, what came of it, the trace hash, and a checkpoint of the rolling hash every
 * 1,024 events, so that a replay that differs can say where.
 */

import type { Validity } from "../../checkers/index.js";
import { UsageError } from "../base/errors.js";
import { isJsonObject, type Json } from "../base/json.js";
import { validator } from "../base/schema.js";
import type { Plan } from "../plan/plan.js";
import { parsePlan } from "../plan/schema.js";
import type { Exactness } from "../sim/host.js";

export const CASE_FORMAT = "faultline-case/1";

export interface Case {
  format: typeof CASE_FORMAT;
  /** The version of Faultline that made it: hashes are promised for the same version. */
  version: string;
  expected: Expected;
  plan: Plan;
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

const caseSchema = {
  type: "object",
  properties: {
    format: { const: CASE_FORMAT },
    version: { type: "string" },
    expected: expectedSchema,
    plan: { type: "object" },
  },
  required: ["format", "version", "expected", "plan"],
} as const;

const validateCase = validator(caseSchema);
const validateExpected = validator(expectedSchema);

/** @throws UsageError saying what is wrong and where in the document. */
export function parseCase(value: Json, file: string): Case {
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
  return { ...document, plan: parsePlan(document.plan as unknown as Json, file) };
}

/** @throws UsageError saying what is wrong and where in the document. */
export function parseExpected(value: Json, file: string): Expected {
  const error = validateExpected(value);
  if (error === undefined) return value as unknown as Expected;
  throw new UsageError(
    `${file}: not results: ${error.instancePath || "the document"} ${error.message}`,
  );
}
