/**
 * Consensus as its clients see it: of each key one value is decided, by somebody who proposed it.
 *
 * `propose` of a value returns the value decided; `read` returns it too, or null where the node asked
 * has learnt nothing, which proves nothing. Anomalies, key by key:
 * - disagreement: two answers name different values. A decision is final, so this holds across time
 *   as well: what was answered once may never change.
 * - invented-value: a value was answered that nobody had begun to propose by then.
 * - refused-value: a value was answered all of whose proposals had been refused for certain.
 * Exactly the histories of proposals that are linearizable pass: who proposed the value decided comes
 * first, and all others after it. O(operations).
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, keyName, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { byKey } from "./keys.js";

export const consensus: Checker = {
  name: "consensus",
  summary: "one value is decided for each key, proposed by somebody, and never another",
  anomalies: {
    disagreement: "two different values are decided where only one may be",
    "invented-value": "a value is decided that nobody had begun to propose",
    "refused-value": "a value is decided whose proposals had all been refused for certain",
  },
  check,
};

function check(history: History): Verdict {
  const relevant = history.operations.filter(({ f }) => f === "propose" || f === "read");
  const findings = new Findings();
  let decided = 0;
  for (const { key, operations } of byKey(relevant)) {
    const answers = operations
      .filter(({ outcome, output }) => outcome === "ok" && output !== null)
      .sort((a, b) => a.completed - b.completed);
    if (answers.length === 0) continue;
    decided++;
    const values = firstOfEach(answers);
    judgeAgreement(key, values, findings);
    const proposals = proposalsOf(operations);
    for (const answer of values) {
      judgeOrigin(key, answer, proposals.get(canonical(answer.output)) ?? [], findings);
    }
  }
  const open = decided === 0 ? "no value was decided" : undefined;
  return findings.verdict({ decided }, open);
}

/** The first answer with each value, in the order of completion. */
function firstOfEach(answers: readonly Operation[]): Operation[] {
  const first = new Map<string, Operation>();
  for (const answer of answers) {
    const value = canonical(answer.output);
    if (!first.has(value)) first.set(value, answer);
  }
  return [...first.values()];
}

function judgeAgreement(
  key: Json | undefined,
  [first, ...others]: readonly Operation[],
  findings: Findings,
): void {
  if (first === undefined) return;
  for (const other of others) {
    findings.add("disagreement", () => ({
      message: `${who(first)} was told that ${show(first.output)} was decided for ${keyName(key)}, ${who(other)} that it was ${show(other.output)}`,
      ops: indexes([first, other]),
      brokenAt: other.completed,
    }));
  }
}

/** By what they propose. */
function proposalsOf(operations: readonly Operation[]): Map<string, Operation[]> {
  const proposals = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (operation.f !== "propose") continue;
    const value = canonical(operation.input);
    const same = proposals.get(value);
    if (same === undefined) proposals.set(value, [operation]);
    else same.push(operation);
  }
  return proposals;
}

/** Nobody answers with a value earlier than this answer does. */
function judgeOrigin(
  key: Json | undefined,
  answer: Operation,
  ofValue: readonly Operation[],
  findings: Findings,
): void {
  const proposals = ofValue.filter(({ invoked }) => invoked < answer.completed);
  if (proposals.some(({ outcome }) => outcome !== "fail")) return;
  const told = `${who(answer)} was told that ${show(answer.output)} was decided for ${keyName(key)}`;
  const [refused] = proposals;
  if (refused === undefined) {
    findings.add("invented-value", () => ({
      message: `${told}, which nobody had begun to propose`,
      ops: [answer.invoked],
      brokenAt: answer.completed,
    }));
    return;
  }
  findings.add("refused-value", () => ({
    message: `${told}, which ${who(refused)} had been refused`,
    ops: indexes([refused, answer]),
    brokenAt: answer.completed,
  }));
}
