/**
 * Uniqueness: of all that claim a name at most one has it, whoever was asked; and who was told so has it
 * to the end. Claims are of unique values, reads return the owner or null; an acknowledged claim that final
 * reads do not show has lost its name all the same, and where none was acknowledged they may still not
 * show two owners. Whoever claims again what it has claimed is no second owner. O(n).
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, keyName, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { byKey } from "./keys.js";

export const uniqueness: Checker = {
  name: "uniqueness",
  summary: "a name has one owner: at most one claim of it succeeds, and keeps it",
  anomalies: {
    "uniqueness-violated": "two claims of one name were both acknowledged, or both read in the end",
  },
  check,
};

function check(history: History): Verdict {
  const findings = new Findings();
  let claims = 0;
  for (const { key, operations } of byKey(history.operations)) {
    const won = operations
      .filter(({ f, outcome }) => f === "claim" && outcome === "ok")
      .sort((a, b) => a.completed - b.completed);
    claims += won.length;
    const [first] = won;
    if (first === undefined) {
      twoOwners(key, operations, findings);
      continue;
    }
    const second = won.find(({ input }) => canonical(input) !== canonical(first.input));
    if (second !== undefined) {
      findings.add("uniqueness-violated", () => ({
        message: `${who(first)} and ${who(second)} both own ${keyName(key)}: ${show(first.input)} and ${show(second.input)}`,
        ops: indexes([first, second]),
      }));
    } else {
      const other = operations.find((read) => isOther(read, first));
      if (other === undefined) continue;
      findings.add("lost-write", () => ({
        message: `${who(first)} owns ${keyName(key)} as ${show(first.input)}, and in the end it reads as ${show(other.output)}`,
        ops: indexes([first, other]),
      }));
    }
  }
  return findings.verdict({ claims }, claims === 0 ? "no claim was acknowledged" : undefined);
}

/** Of a name that nobody was told to have. */
function twoOwners(
  key: Json | undefined,
  operations: readonly Operation[],
  findings: Findings,
): void {
  const [first, ...others] = operations.filter(
    ({ f, final, outcome, output }) => f === "read" && final && outcome === "ok" && output !== null,
  );
  if (first === undefined) return;
  const second = others.find(({ output }) => canonical(output) !== canonical(first.output));
  if (second === undefined) return;
  findings.add("uniqueness-violated", () => ({
    message: `in the end ${keyName(key)} reads as ${show(first.output)} and as ${show(second.output)}`,
    ops: indexes([first, second]),
  }));
}

function isOther({ f, final, outcome, output, invoked }: Operation, claim: Operation): boolean {
  if (f !== "read" || !final || outcome !== "ok" || invoked < claim.completed) return false;
  return canonical(output) !== canonical(claim.input);
}
