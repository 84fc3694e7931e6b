/**
 * What may be believed: the shape of what arrives, its signatures, and whether a certificate is one.
 *
 * Every check takes plain data of any shape, since a Byzantine replica may send that. One that passes
 * proves that so many different replicas have said it; with more than a third of them honest in every
 * quorum beyond the faulty ones, two certificates cannot contradict each other.
 */

import { isJsonObject, type Json } from "../../src/base/json.js";
import type {
  Certificate,
  Checkpoint,
  NewView,
  PrePrepare,
  Prepare,
  Request,
  Signed,
  Stable,
  Statement,
  ViewChange,
} from "./messages.js";
import { isRequestSigned, isSigned, NULL_DIGEST, sign } from "./signatures.js";
import type { Thresholds } from "./thresholds.js";

export class Certificates {
  readonly #nodes: readonly string[];
  readonly #thresholds: Thresholds;
  /** Believes a new primary whatever it says that follows: the bug `new-view-unverified`. */
  readonly #trusting: boolean;

  constructor(nodes: readonly string[], thresholds: Thresholds, trusting: boolean) {
    this.#nodes = nodes;
    this.#thresholds = thresholds;
    this.#trusting = trusting;
  }

  primaryOf(view: number): string {
    return this.#nodes[view % this.#nodes.length] as string;
  }

  isRequest(value: Json | undefined): value is Request {
    if (!isJsonObject(value)) return false;
    const { client, requestId, via, operation, sig } = value;
    return (
      typeof client === "string" &&
      isCount(requestId) &&
      typeof via === "string" &&
      this.#nodes.includes(via) &&
      isJsonObject(operation) &&
      typeof sig === "number" &&
      isRequestSigned(value as Request)
    );
  }

  /** Signed by the primary of its view. */
  isPrePrepare(value: Json | undefined): value is Signed<PrePrepare> {
    return (
      this.#isStatement(value, "pre-prepare") &&
      isVote(value) &&
      value["by"] === this.primaryOf(value["view"] as number) &&
      isSigned(value as Signed<PrePrepare>)
    );
  }

  isPrepare(value: Json | undefined): value is Signed<Prepare> {
    return (
      this.#isStatement(value, "prepare") && isVote(value) && isSigned(value as Signed<Prepare>)
    );
  }

  isCheckpoint(value: Json | undefined): value is Signed<Checkpoint> {
    return (
      this.#isStatement(value, "checkpoint") &&
      isCount(value["seq"]) &&
      isWord(value["digest"]) &&
      isSigned(value as Signed<Checkpoint>)
    );
  }

  /** A pre-prepare and prepares of others, together a quorum, that name the same request. */
  isCertificate(value: Json | undefined): value is Certificate {
    if (!isJsonObject(value)) return false;
    const { prePrepare, prepares } = value;
    if (!this.isPrePrepare(prePrepare) || !Array.isArray(prepares)) return false;
    const voters = new Set([prePrepare.by]);
    for (const prepare of prepares) {
      if (!this.isPrepare(prepare) || !isSameVote(prepare, prePrepare)) return false;
      voters.add(prepare.by);
    }
    return voters.size >= this.#thresholds.quorum;
  }

  isStable(value: Json | undefined): value is Stable {
    if (!isJsonObject(value)) return false;
    const { seq, digest, proof } = value;
    if (!isCount(seq) || !isWord(digest) || !Array.isArray(proof)) return false;
    if (seq === 0) return true;
    const voters = new Set<string>();
    for (const checkpoint of proof) {
      if (!this.isCheckpoint(checkpoint)) return false;
      if (checkpoint.seq !== seq || checkpoint.digest !== digest) return false;
      voters.add(checkpoint.by);
    }
    return voters.size >= this.#thresholds.quorum;
  }

  isViewChange(value: Json | undefined): value is Signed<ViewChange> {
    if (!this.#isStatement(value, "view-change")) return false;
    const { view, stable, prepared } = value;
    if (!isCount(view) || !this.isStable(stable) || !Array.isArray(prepared)) return false;
    if (!isSigned(value as Signed<ViewChange>)) return false;
    return prepared.every(
      (certificate) =>
        this.isCertificate(certificate) &&
        certificate.prePrepare.view < view &&
        certificate.prePrepare.seq > stable.seq,
    );
  }

  /** Of the primary of its view, who has a quorum's view changes and proposes what follows from them. */
  isNewView(value: Json | undefined): value is Signed<NewView> {
    if (!this.#isStatement(value, "new-view")) return false;
    const { view, by, viewChanges, prePrepares } = value;
    if (!isCount(view) || by !== this.primaryOf(view)) return false;
    if (!Array.isArray(viewChanges) || !Array.isArray(prePrepares)) return false;
    if (!prePrepares.every((one) => this.isPrePrepare(one) && one.view === view)) return false;
    if (!isSigned(value as Signed<NewView>)) return false;
    const voters = new Set<string>();
    for (const one of viewChanges) {
      if (!this.isViewChange(one) || one.view !== view) return false;
      voters.add(one.by);
    }
    if (voters.size < this.#thresholds.quorum) return false;
    if (this.#trusting) return true;
    const due = choose(view, viewChanges as Signed<ViewChange>[]).map(({ digest }) => digest);
    const proposed = prePrepares as Signed<PrePrepare>[];
    const first = newestOf(viewChanges as Signed<ViewChange>[]).seq + 1;
    return (
      proposed.length === due.length &&
      proposed.every(({ seq, digest }, i) => seq === first + i && digest === due[i])
    );
  }

  #isStatement(value: Json | undefined, kind: Statement["kind"]): value is Json & SignedShape {
    if (!isJsonObject(value) || value["kind"] !== kind) return false;
    const { by, sig } = value;
    return typeof by === "string" && this.#nodes.includes(by) && typeof sig === "number";
  }
}

type SignedShape = { [field: string]: Json | undefined; by: string };

export function isCount(value: Json | undefined): value is number {
  return isWord(value) && value >= 0;
}

/** A digest, and all else that signatures cover, has 32 bits. */
export function isWord(value: Json | undefined): value is number {
  return typeof value === "number" && value === (value | 0);
}

/** View, seq and digest are there, and could be. */
function isVote({ view, seq, digest }: SignedShape): boolean {
  return isCount(view) && isCount(seq) && isWord(digest);
}

type Vote = { view: number; seq: number; digest: number };

function isSameVote(left: Vote, right: Vote): boolean {
  return left.view === right.view && left.seq === right.seq && left.digest === right.digest;
}

/** The latest stable checkpoint that any of them has. */
export function newestOf(viewChanges: readonly ViewChange[]): Stable {
  return viewChanges.map(({ stable }) => stable).reduce((a, b) => (b.seq > a.seq ? b : a));
}

/**
 * What a new view begins with: for each seq beyond the latest stable checkpoint the request that was
 * prepared in the latest view, and where none was, the null request. O(certificates).
 */
export function choose(view: number, viewChanges: readonly ViewChange[]): PrePrepare[] {
  const { seq: stable } = newestOf(viewChanges);
  const latest = new Map<number, PrePrepare>();
  let last = stable;
  for (const { prePrepare } of viewChanges.flatMap(({ prepared }) => prepared)) {
    const { seq } = prePrepare;
    const known = latest.get(seq);
    if (known === undefined || known.view < prePrepare.view) latest.set(seq, prePrepare);
    last = Math.max(last, seq);
  }
  return Array.from({ length: last - stable }, (_, i) => {
    const seq = stable + 1 + i;
    const digest = latest.get(seq)?.digest ?? NULL_DIGEST;
    return { kind: "pre-prepare", view, seq, digest };
  });
}

/** What the primary of the new view proposes. */
export function chooseAs(
  primary: string,
  view: number,
  viewChanges: readonly ViewChange[],
): Signed<PrePrepare>[] {
  return choose(view, viewChanges).map((one) => sign(primary, one));
}
