/**
 * Checks what a certificate claims from its own events alone: that every edge of its cycle follows
 * from reads that are there, or from the positions of events, and that such a cycle is of the type
 * that is claimed. Shares nothing with the checkers. For few transactions: O(edges * reads).
 *
 * The order of two versions follows from a read that has one of them before the other, or without
 * the other (what was not yet in a list can only come later); from the initial state; from a
 * transaction that read one and wrote the other; or from the case that is assumed, where a claim
 * goes through both orders of two versions.
 */

import type { Transactions } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Json } from "../../../src/base/json.js";
import type { Claim, ClaimedEdge, EdgeName, Proof } from "./claim.js";
import { Evidence } from "./evidence.js";
import { verifyFinding } from "./verify-finding.js";

/** True, or what is wrong with the claim. */
export function verifyClaim(transactions: Transactions, claim: Claim): true | string {
  const evidence = new Evidence(transactions);
  if (claim.proof === undefined) return verifyFinding(evidence, claim);
  const check = new Check(evidence, claim.authority !== undefined);
  const fault = faultOf(claim.proof, check);
  if (fault !== undefined) return fault;
  const mildest = check.types.reduce((mild, type) =>
    severity(type) > severity(mild) ? type : mild,
  );
  return mildest === claim.type || `it proves ${mildest}, not ${claim.type}`;
}

/** What is wrong with a proof, undefined when nothing is. */
function faultOf(proof: Proof, check: Check): string | undefined {
  if ("edges" in proof) return check.cycle(proof.edges);
  const { key, first, second } = proof.either;
  return (
    check.choice(key, first, second) ??
    faultOf(proof.cases[0], check.assuming({ key, before: first, after: second })) ??
    faultOf(proof.cases[1], check.assuming({ key, before: second, after: first }))
  );
}

const classes = ["G0", "G1c", "G-single-item", "G-nonadjacent-item", "G2-item"] as const;
const suffixes = ["", "-process", "-realtime"] as const;

/** The name of a cycle with these edges. */
export function typeOf(kinds: readonly EdgeName[]): string {
  const missed = kinds.filter((kind) => kind === "rw").length;
  const isAdjacent = kinds.some((kind, i) => kind === "rw" && kinds.at(i - 1) === "rw");
  const suffix = kinds.includes("realtime") ? 2 : kinds.includes("process") ? 1 : 0;
  const name =
    missed === 0 ? (kinds.includes("wr") ? 1 : 0) : missed === 1 ? 2 : isAdjacent ? 4 : 3;
  return classes[name]! + suffixes[suffix]!;
}

/** The smaller the worse. */
function severity(type: string): number {
  const [name, suffix = ""] = type.split(/(?=-process|-realtime)/);
  const order = suffixes.indexOf(suffix as (typeof suffixes)[number]);
  return order * classes.length + classes.indexOf(name as (typeof classes)[number]);
}

/** One version of a key comes before another, named by their writers. */
interface Assumption {
  key: Json;
  before: number;
  after: number;
}

/** Its methods say what is wrong, undefined when nothing is. */
class Check {
  readonly evidence: Evidence;
  /** Somebody else vouches for the order of register versions. */
  readonly #isVouchedFor: boolean;
  readonly #assumed: readonly Assumption[];
  /** Of all cycles that were needed, in every case. */
  readonly types: string[];

  constructor(
    evidence: Evidence,
    isVouchedFor: boolean,
    assumed: readonly Assumption[] = [],
    types: string[] = [],
  ) {
    this.evidence = evidence;
    this.#isVouchedFor = isVouchedFor;
    this.#assumed = assumed;
    this.types = types;
  }

  assuming(more: Assumption): Check {
    return new Check(this.evidence, this.#isVouchedFor, [...this.#assumed, more], this.types);
  }

  cycle(edges: readonly ClaimedEdge[]): string | undefined {
    if (edges.length < 2) return "a cycle takes two edges";
    this.types.push(typeOf(edges.map(({ kind }) => kind)));
    for (const [i, edge] of edges.entries()) {
      if (edge.to !== edges[(i + 1) % edges.length]!.from) {
        return `after event ${edge.to} the cycle goes on elsewhere`;
      }
      const fault = this.#edge(edge);
      if (fault !== undefined)
        return `${edge.kind} from event ${edge.from} to ${edge.to}: ${fault}`;
    }
    return undefined;
  }

  /** Both transactions wrote the key, so that one must have come first. */
  choice(key: Json, first: number, second: number): string | undefined {
    const place = this.evidence.keyOf(key);
    const wrote = (event: number) => {
      const t = this.evidence.at(event);
      if (t === undefined || place === undefined || !this.evidence.isPresent(t)) return false;
      return this.evidence.writesOf(t, place).length > 0;
    };
    if (first !== second && wrote(first) && wrote(second)) return undefined;
    return `events ${first} and ${second} did not both write key ${JSON.stringify(key)}`;
  }

  #edge({ from, to, kind, key, value, next }: ClaimedEdge): string | undefined {
    const { evidence } = this;
    const [a, b] = [evidence.at(from), evidence.at(to)];
    if (a === undefined || b === undefined) return "no transaction was invoked there";
    if (a === b) return "no transaction depends on itself";
    if (!evidence.isPresent(a) || !evidence.isPresent(b)) return "nobody knows that it happened";
    if (kind === "process" || kind === "realtime") return this.#order(a, b, kind);
    const k = evidence.keyOf(key);
    if (k === undefined) return "the key does not occur";
    const [old, young] = [this.#id(value), this.#id(next)];
    if (old === undefined || young === undefined) return "the value does not occur";
    if (kind === "wr") {
      if (evidence.writeOf(k, old)?.transaction !== a) return "the value is another one's";
      return this.#readsVersion(b, k, old) ? undefined : "the value was not read";
    }
    const write = evidence.writeOf(k, young);
    if (write?.transaction !== b) return "the next value is another one's";
    if (!evidence.isList && !write.isLast) return "the next value is no version";
    if (kind === "ww") {
      if (evidence.writeOf(k, old)?.transaction !== a) return "the value is another one's";
      return this.#comesBefore(k, old, young) ? undefined : "nothing shows the order of the two";
    }
    if (!this.#readsVersion(a, k, old)) return "the value was not read";
    const missedIt =
      evidence.isList &&
      evidence
        .readsOf(a, k)
        .some(({ elements }) => (elements.at(-1) ?? NULL_ID) === old && !elements.includes(young));
    return missedIt || this.#comesBefore(k, old, young) ? undefined : "it was not missed";
  }

  #order(a: number, b: number, kind: "process" | "realtime"): string | undefined {
    const { process, invoked, completed } = this.evidence.transactions;
    if (!this.evidence.isOk(a)) return "the first may have happened at any later time";
    if (completed[a]! > invoked[b]!) return "the second was invoked before the first completed";
    if (kind === "process" && process[a] !== process[b]) return "they are of two processes";
    return undefined;
  }

  #id(value: Json | undefined): number | undefined {
    return value === undefined ? NULL_ID : this.evidence.transactions.values.find(value);
  }

  #readsVersion(t: number, key: number, value: number): boolean {
    return this.evidence
      .readsOf(t, key)
      .some(({ elements }) => (elements.at(-1) ?? NULL_ID) === value);
  }

  /** Whether one version of a key is older than another. */
  #comesBefore(key: number, old: number, young: number): boolean {
    if (old === young) return false;
    if (old === NULL_ID) return true;
    const { evidence } = this;
    if (evidence.isList) {
      const isShown = evidence.readsOfKey(key).some(({ elements }) => {
        const [i, j] = [elements.indexOf(old), elements.indexOf(young)];
        return i >= 0 && (j < 0 || j > i);
      });
      if (isShown) return true;
    } else if (this.#isVouchedFor) return true;
    const before = evidence.writeOf(key, old)?.transaction;
    const after = evidence.writeOf(key, young)?.transaction;
    if (before === undefined || after === undefined || before === after) return false;
    const assumed = this.#assumed
      .filter((one) => evidence.keyOf(one.key) === key)
      .map((one) => [evidence.at(one.before), evidence.at(one.after)] as const);
    if (leads(assumed, before, after)) return true;
    if (!leads([...assumed, ...evidence.updates(key)], before, after)) return false;
    // In the other order the one that read would have written before what it read: a cycle, too.
    this.types.push("G1c");
    return true;
  }
}

function leads(
  pairs: readonly (readonly [number | undefined, number | undefined])[],
  from: number,
  to: number,
): boolean {
  const reached = new Set<number | undefined>([from]);
  // A set is walked in order of insertion, what is added meanwhile included.
  for (const one of reached) {
    for (const [before, after] of pairs) if (before === one) reached.add(after);
  }
  return reached.has(to);
}
