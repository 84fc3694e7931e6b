/** What a replica knows of one sequence number: who has said what about it, in all views. */

import type {
  Certificate,
  Commit,
  PrePrepareMessage,
  Prepare,
  Request,
  Signed,
} from "./messages.js";
import { NULL_DIGEST } from "./signatures.js";

export type Proposal = Omit<PrePrepareMessage, "type">;
type Ballot = { view: number; digest: number };

export class Slot {
  /** Accepted in the latest view. */
  proposal: Proposal | undefined;
  /** Prepared in the latest view. */
  certificate: Certificate | undefined;
  /** What this replica has said last, once it was durable. */
  prepare: Signed<Prepare> | undefined;
  commit: Omit<Commit, "type"> | undefined;
  /** Digests that are decided: one, unless something is broken. */
  readonly decided = new Set<number>();
  /** Digests of which a decision waits for its request. */
  readonly awaited = new Set<number>();
  readonly #requests = new Map<number, Request | null>([[NULL_DIGEST, null]]);
  readonly #prepares = new Map<string, Map<string, Signed<Prepare>>>();
  readonly #commits = new Map<string, Set<string>>();

  /** The request of that digest, once known. */
  request(digest: number): Request | null | undefined {
    return this.#requests.get(digest);
  }

  learn(digest: number, request: Request | null): void {
    if (!this.#requests.has(digest)) this.#requests.set(digest, request);
  }

  /** Counts a vote to prepare; each replica's once for each request and view. */
  addPrepare(prepare: Signed<Prepare>): void {
    const name = nameOf(prepare);
    const voters = this.#prepares.get(name);
    if (voters === undefined) this.#prepares.set(name, new Map([[prepare.by, prepare]]));
    else voters.set(prepare.by, prepare);
  }

  /** All who have prepared it, but that one. */
  preparesOf(ballot: Ballot, except: string): Signed<Prepare>[] {
    const voters = this.#prepares.get(nameOf(ballot)) ?? new Map<string, Signed<Prepare>>();
    return [...voters.values()].filter(({ by }) => by !== except);
  }

  /** How many have committed it, with this one. */
  addCommit(replica: string, ballot: Ballot): number {
    const name = nameOf(ballot);
    const voters = this.#commits.get(name) ?? new Set<string>();
    this.#commits.set(name, voters.add(replica));
    return voters.size;
  }
}

function nameOf({ view, digest }: Ballot): string {
  return `${view} ${digest}`;
}
