/**
 * The baseline: groups of failures that are known, so that only new ones fail a gate.
 *
 * A sorted JSON document without dates, made to be committed: the same groups give the same bytes,
 * and a change of one group changes its lines alone.
 */

import { UsageError } from "../base/errors.js";
import { isJsonObject, type Json } from "../base/json.js";
import { validator } from "../base/schema.js";

export const BASELINE_FORMAT = "faultline-baseline/1";

/** What failures are counted as one by: the group, and whose it is; null when it is not known. */
export interface GroupKey {
  system: string;
  workload: string;
  group: string | null;
}

export interface KnownGroup extends GroupKey {
  group: string;
  signature: string;
  /** A seed that shows it; kept from when it first became known. */
  firstSeed: number;
  /** Set where time ended its shrinking: fewer kinds of fault than it names may be its cause. */
  inPart?: true;
}

const text = { type: "string" } as const;

const validate = validator({
  type: "object",
  properties: {
    format: { const: BASELINE_FORMAT },
    groups: {
      type: "array",
      items: {
        type: "object",
        properties: {
          system: text,
          workload: text,
          signature: text,
          group: text,
          firstSeed: { type: "integer", minimum: 0 },
          inPart: { const: true },
        },
        required: ["system", "workload", "signature", "group", "firstSeed"],
        additionalProperties: false,
      },
    },
  },
  required: ["format", "groups"],
});

/** @throws UsageError saying what is wrong and where in the document. */
export function parseBaseline(value: Json, file: string): KnownGroup[] {
  const format = isJsonObject(value) ? value["format"] : undefined;
  if (typeof format === "string" && format !== BASELINE_FORMAT) {
    throw new UsageError(
      `${file}: a document of format "${format}": a baseline is ${BASELINE_FORMAT}`,
    );
  }
  const error = validate(value);
  if (error !== undefined) {
    throw new UsageError(
      `${file}: not a baseline: ${error.instancePath || "the document"} ${error.message}: make it anew with --update-baseline`,
    );
  }
  return (value as unknown as { groups: KnownGroup[] }).groups;
}

/** The same groups give the same text, in whatever order they come. */
export function formatBaseline(groups: Iterable<KnownGroup>): string {
  const sorted = [...groups]
    .sort((left, right) => compare(keyOf(left), keyOf(right)))
    .map(({ system, workload, signature, group, firstSeed, inPart }) => ({
      system,
      workload,
      signature,
      group,
      firstSeed,
      ...(inPart ? { inPart } : {}),
    }));
  return `${JSON.stringify({ format: BASELINE_FORMAT, groups: sorted }, null, 2)}\n`;
}

/** The groups found now; one that was known keeps the seed it is known by. */
export function updatedBaseline(
  before: readonly KnownGroup[],
  now: readonly KnownGroup[],
): KnownGroup[] {
  const known = new Map(before.map((group) => [keyOf(group), group]));
  const unique = new Map(now.map((group) => [keyOf(group), group]));
  return [...unique].map(([key, group]) => known.get(key) ?? group);
}

/** One text for each group. */
export function keyOf({ system, workload, group }: GroupKey): string {
  return `${system} ${workload} ${group ?? ""}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
