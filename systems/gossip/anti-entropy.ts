/**
 * Anti-entropy (Demers et al. 1987, section 1.3): now and then two nodes compare all that they hold,
 * and each gives the other what is later. Slow and certain: what no rumour reached is found here.
 *
 *     A: sum of all that I hold      B: the same: done; else: a digest of all that I hold
 *     A: what B holds older or not at all, and the names of what A wants      B: these
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { compareStamps, firstStamp, type Stamp } from "../stamps.js";
import type { Digest, Item, Items } from "./items.js";
import type { Letters } from "./letters.js";

const PERIOD_MS = 200;

export class AntiEntropy {
  readonly #context: NodeContext;
  readonly #items: Items;
  readonly #letters: Letters;

  constructor(context: NodeContext, items: Items, letters: Letters) {
    this.#context = context;
    this.#items = items;
    this.#letters = letters;
  }

  round(): void {
    const { after, peers, random } = this.#context;
    after(PERIOD_MS, () => this.round());
    void this.#letters.send(random.pick(peers), { type: "compare", sum: this.#items.sum });
  }

  compare(src: string, sum: number): void {
    if (sum === this.#items.sum) return;
    this.#context.probe("anti-entropy found a difference");
    void this.#letters.send(src, { type: "digest", digest: this.#items.digest });
  }

  answer(src: string, theirs: Digest): void {
    const mine = this.#items.digest;
    const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
    const isBehind = (left: Digest, right: Digest) => (name: string) =>
      this.#isLater(right[name] ?? firstStamp, left[name] ?? firstStamp);
    const items = names
      .filter(isBehind(theirs, mine))
      .flatMap((name) => this.#items.get(name) ?? []);
    const wanted = names.filter(isBehind(mine, theirs));
    void this.#letters.send(src, { type: "repair", items, wanted });
  }

  repair(src: string, items: readonly Item[], wanted: readonly string[]): void {
    for (const item of items) {
      if (this.#isLater(item.stamp, this.#items.stampOf(item.name))) this.#items.replace(item);
    }
    if (wanted.length === 0) return;
    const asked = wanted.flatMap((name) => this.#items.get(name) ?? []);
    void this.#letters.send(src, { type: "repair", items: asked, wanted: [] });
  }

  /** What one of them has not at all is earlier than everything. */
  #isLater(left: Stamp, right: Stamp): boolean {
    const order = compareStamps(left, right);
    const bothExist = left.node !== "" && right.node !== "";
    if (bothExist && this.#context.bugs.has("old-wins")) return order < 0;
    return order > 0;
  }
}
