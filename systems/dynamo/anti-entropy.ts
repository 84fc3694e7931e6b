/**
 * Anti-entropy: homes of a range compare what they hold, and exchange only what differs.
 *
 * A replica sends a peer one hash over the trees of all ranges that both are homes of. If it is not
 * the peer's own, the peer answers with the trees' roots; and from there whoever finds a hash different
 * from its own answers with the hashes one level further down, so that the two descend by turns. At the
 * leaves one sends its versions, and the other keeps what is newer and sends back what it knows better.
 * Equal replicas exchange one small message. Peers take their turns: none is left out.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { mix } from "../../src/random/mix.js";
import { isNewer } from "../quorum.js";
import { childrenOf, LEAF_LEVEL } from "./hash-tree.js";
import type { KeyedVersion, Replica } from "./replica.js";
import type { Ring } from "./ring.js";

const ROUND_MS = 150;

type Place = [range: number, index: number];
type Hashed = [range: number, index: number, hash: number];

export class AntiEntropy {
  readonly #context: NodeContext;
  readonly #replica: Replica;
  /** The ranges that a peer is a home of, too; only of peers with such ranges. */
  readonly #shared: ReadonlyMap<string, readonly number[]>;
  #turn = 0;

  constructor(context: NodeContext, replica: Replica, ring: Ring) {
    this.#context = context;
    this.#replica = replica;
    const shared = context.peers.map((peer) => [peer, ring.shared(context.id, peer)] as const);
    this.#shared = new Map(shared.filter(([, ranges]) => ranges.length > 0));
  }

  start(): void {
    const peers = [...this.#shared.keys()];
    const peer = peers[this.#turn++ % peers.length];
    if (peer === undefined) return;
    this.#context.after(ROUND_MS, () => {
      this.#context.send(peer, { type: "summary", hash: this.#summaryFor(peer) });
      this.start();
    });
  }

  /** One hash over everything that a peer and this replica should both have. */
  summary(peer: string, { hash }: JsonObject): void {
    if (hash === this.#summaryFor(peer)) return;
    const roots = this.#rangesWith(peer).map((range): Place => [range, 0]);
    this.#sendHashes(peer, 0, roots);
  }

  /** Hashes of one level of a peer's trees. */
  compare(peer: string, { level, hashes }: JsonObject): void {
    const at = Number(level);
    const differing = (hashes as Hashed[]).filter(
      ([range, index, hash]) => this.#replica.treeOf(range).hash(at, index) !== hash,
    );
    if (differing.length === 0) return;
    if (at < LEAF_LEVEL) {
      const places = differing.flatMap(([range, index]) =>
        childrenOf(index).map((child): Place => [range, child]),
      );
      this.#sendHashes(peer, at + 1, places);
      return;
    }
    this.#context.probe("hash trees differed");
    const leaves = differing.map(([range, index]): Place => [range, index]);
    this.#sendVersions(peer, this.#versionsIn(leaves), leaves);
  }

  /** Versions of a peer: all that it has in these leaves, or, without leaves, what it knows better. */
  exchange(peer: string, { versions, leaves }: JsonObject): void {
    const theirs = new Map(versions as KeyedVersion[]);
    for (const [key, version] of theirs) this.#replica.keep(key, version);
    const better = this.#versionsIn((leaves ?? []) as Place[]).filter(([key, version]) => {
      const known = theirs.get(key);
      return known === undefined || isNewer(version, known);
    });
    if (better.length > 0) this.#sendVersions(peer, better, []);
  }

  #summaryFor(peer: string): number {
    return this.#rangesWith(peer).reduce((hash, range) => {
      return mix(hash, this.#replica.treeOf(range).root);
    }, 0);
  }

  #rangesWith(peer: string): readonly number[] {
    return this.#shared.get(peer) ?? [];
  }

  #versionsIn(leaves: readonly Place[]): KeyedVersion[] {
    return leaves.flatMap(([range, leaf]) => this.#replica.versionsIn(range, leaf));
  }

  #sendHashes(peer: string, level: number, places: readonly Place[]): void {
    const hashes = places.map(([range, index]): Hashed => {
      return [range, index, this.#replica.treeOf(range).hash(level, index)];
    });
    this.#context.send(peer, { type: "compare", level, hashes });
  }

  #sendVersions(peer: string, versions: readonly KeyedVersion[], leaves: readonly Place[]): void {
    this.#context.send(peer, {
      type: "versions",
      versions: [...versions],
      leaves: [...leaves],
    });
  }
}
