/**
 * Rumour mongering (Demers et al. 1987, section 1.4): what is new to a node is hot there, and it tells
 * random peers of it until it has told several who knew it already; then it loses interest. It can
 * tell (push), ask (pull), or both. Fast and cheap, but some may never hear of it.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Item, Items } from "./items.js";
import type { Letters } from "./letters.js";

const ROUND_MS = 50;
/** Peers that knew a rumour already before a node loses interest in it. */
const INTEREST = 2;
/** Rounds that a rumour lasts with the bug `fixed-rounds`. */
const ROUNDS = 1;

export class Rumours {
  readonly #context: NodeContext;
  readonly #items: Items;
  readonly #letters: Letters;
  /** How much interest is left in each item that is hot. */
  readonly #hot = new Map<string, number>();

  constructor(context: NodeContext, items: Items, letters: Letters) {
    this.#context = context;
    this.#items = items;
    this.#letters = letters;
  }

  heat(name: string): void {
    this.#hot.set(name, this.#context.bugs.has("fixed-rounds") ? ROUNDS : INTEREST);
  }

  round(): void {
    const { after, options, peers, random } = this.#context;
    after(ROUND_MS, () => this.round());
    const { style, fanout } = options;
    const chosen = random.sample(peers, Number(fanout));
    if (style !== "pull") for (const peer of chosen) this.tell(peer);
    if (style !== "push" && chosen[0] !== undefined)
      void this.#letters.send(chosen[0], { type: "ask" });
    if (this.#context.bugs.has("fixed-rounds")) this.#cool([...this.#hot.keys()]);
  }

  /** Tells the peer all that is hot. */
  tell(peer: string): void {
    const items = [...this.#hot.keys()].flatMap((name) => this.#items.get(name) ?? []);
    if (items.length > 0) void this.#letters.send(peer, { type: "rumour", items });
  }

  /** Takes in what a peer tells, and says what of it was no news. */
  hear(src: string, items: readonly Item[]): void {
    const known: string[] = [];
    for (const item of items) {
      if (this.#items.accept(item)) this.heat(item.name);
      else known.push(item.name);
    }
    if (known.length > 0) void this.#letters.send(src, { type: "known", names: known });
  }

  /** A peer knew of these already. */
  cool(names: readonly string[]): void {
    if (!this.#context.bugs.has("fixed-rounds")) this.#cool(names);
  }

  #cool(names: readonly string[]): void {
    for (const name of names) {
      const interest = this.#hot.get(name);
      if (interest === undefined) continue;
      if (interest > 1) this.#hot.set(name, interest - 1);
      else {
        this.#hot.delete(name);
        if (this.#context.bugs.has("forgets-removals")) this.#items.forget(name);
        this.#context.probe("a node lost interest in a rumour");
      }
    }
  }
}
