/**
 * Observed-remove sets: an element is there in the end if, and only if, it was added and no remove has
 * taken that very add away.
 *
 * An acknowledged add returns `{element, tag}`, an acknowledged remove `{element, tags}`: the adds that
 * its replica had seen and that it took away. So it is known of every such pair whether the remove may
 * have any say, which real time alone does not tell. Judged on final reads; what is of unknown outcome
 * may have taken effect or not, and an unknown remove may have seen anything. Anomalies:
 * - lost-add: an element is missing though an acknowledged add of it was taken away by nobody.
 * - resurrected-element: it is there though all adds of it are known and were all taken away.
 * - garbage-element: read, at any time, though nobody had begun to add it; duplicate-element: twice in
 *   one read.
 * What is missing and cannot be told to be lost, since an acknowledged add has no tag, is left open, and
 * so is a final read that is no list. O(final reads * operations + total length of the reads).
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, keyName, who } from "./describe.js";
import { Findings } from "./findings.js";
import { byKey, type KeyedOperations } from "./keys.js";

export const orSet: Checker = {
  name: "or-set",
  summary: "elements are there in the end unless removes took away all adds of them that they saw",
  anomalies: {
    "lost-add": "an acknowledged add is missing though no remove had seen it",
  },
  check,
};

interface Element {
  adds: Operation[];
  removes: Operation[];
}

function check(history: History): Verdict {
  const findings = new Findings();
  let finalReads = 0;
  let open: string | undefined;
  const functions = new Set(["add", "remove", "read"]);
  for (const group of byKey(history.operations.filter(({ f }) => functions.has(f)))) {
    const elements = elementsOf(group);
    const reads = group.operations.filter(
      ({ f, outcome, output }) => f === "read" && outcome === "ok" && Array.isArray(output),
    );
    for (const read of reads) inspect(group.key, read, elements, findings);
    const finals = reads.filter(({ final }) => final);
    finalReads += finals.length;
    if (finals.length === 0) open = `no final read of ${keyName(group.key)}`;
    for (const read of finals) {
      const present = new Set(textsOf(read));
      for (const [text, element] of elements) {
        if (present.has(text)) judgePresent(group.key, read, text, element, findings);
        else if (!judgeMissing(group.key, read, text, element, findings)) {
          open = `an add of ${text} to ${keyName(group.key)} has no tag`;
        }
      }
    }
  }
  return findings.verdict({ finalReads }, finalReads === 0 ? "no final read of any set" : open);
}

function elementsOf({ operations }: KeyedOperations): Map<string, Element> {
  const elements = new Map<string, Element>();
  for (const operation of operations) {
    if (operation.f === "read" || operation.outcome === "fail") continue;
    const text = canonical(operation.input);
    const element = elements.get(text) ?? { adds: [], removes: [] };
    elements.set(text, element);
    (operation.f === "add" ? element.adds : element.removes).push(operation);
  }
  return elements;
}

/** What is wrong with one read, whenever it was made. */
function inspect(
  key: Json | undefined,
  read: Operation,
  elements: ReadonlyMap<string, Element>,
  findings: Findings,
): void {
  const seen = new Set<string>();
  for (const text of textsOf(read)) {
    const told = (what: string) => () => ({
      message: `${who(read)} read ${text} from ${keyName(key)}, ${what}`,
      ops: indexes([read]),
    });
    if (seen.has(text)) findings.add("duplicate-element", told("twice"));
    seen.add(text);
    const adds = elements.get(text)?.adds ?? [];
    if (!adds.some(({ invoked }) => invoked < read.completed)) {
      findings.add("garbage-element", told("which nobody had begun to add"));
    }
  }
}

/** False where it cannot be told. */
function judgeMissing(
  key: Json | undefined,
  read: Operation,
  text: string,
  { adds, removes }: Element,
  findings: Findings,
): boolean {
  const done = adds.filter(({ completed }) => completed < read.invoked);
  const begun = removes.filter(({ invoked }) => invoked < read.completed);
  const taken = takenBy(begun);
  if (taken === undefined) return true;
  const lost = done.find((add) => {
    const tag = tagOf(add);
    return begun.length === 0 || (tag !== undefined && !taken.has(tag));
  });
  if (lost === undefined) return done.every((add) => tagOf(add) !== undefined);
  findings.add("lost-add", () => ({
    message: `${who(lost)} added ${text} to ${keyName(key)}, no remove had seen it, and ${who(read)} does not find it`,
    ops: indexes([lost, read]),
  }));
  return true;
}

function judgePresent(
  key: Json | undefined,
  read: Operation,
  text: string,
  { adds, removes }: Element,
  findings: Findings,
): void {
  const before = ({ completed }: Operation): boolean => completed < read.invoked;
  const begun = ({ invoked }: Operation): boolean => invoked < read.completed;
  const possible = adds.filter(begun);
  const removed = removes.filter(before);
  const taken = new Set(removed.flatMap((remove) => tagsOf(remove) ?? []));
  const isTaken = (add: Operation): boolean => taken.has(tagOf(add) ?? "");
  if (possible.length === 0 || !possible.every((add) => before(add) && isTaken(add))) return;
  findings.add("resurrected-element", () => ({
    message: `${who(read)} read ${text} from ${keyName(key)}, though acknowledged removes had taken away all ${possible.length} adds of it`,
    ops: indexes([...possible.slice(-1), ...removed.slice(-1), read]),
  }));
}

/** The tags that removes took away; undefined where one may have taken any. */
function takenBy(removes: readonly Operation[]): Set<string> | undefined {
  const taken = new Set<string>();
  for (const remove of removes) {
    const tags = tagsOf(remove);
    if (tags === undefined) return undefined;
    for (const tag of tags) taken.add(tag);
  }
  return taken;
}

/** Of an acknowledged remove; undefined where it is not known which they were. */
function tagsOf({ outcome, output }: Operation): string[] | undefined {
  if (outcome !== "ok" || !isJsonObject(output) || !Array.isArray(output["tags"])) return undefined;
  return output["tags"].map(canonical);
}

function tagOf({ outcome, output }: Operation): string | undefined {
  if (outcome !== "ok" || !isJsonObject(output)) return undefined;
  return output["tag"] === undefined ? undefined : canonical(output["tag"]);
}

function textsOf({ output }: Operation): string[] {
  return Array.isArray(output) ? output.map(canonical) : [];
}
