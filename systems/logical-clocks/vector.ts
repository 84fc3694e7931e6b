/**
 * A vector clock (Fidge 1988, Mattern 1989): of each node, how many of its events are in the past of this
 * one. One stamp is below another iff its event happened before the other; stamps of which neither is
 * below the other belong to concurrent events. It takes a number per node (Charron-Bost 1991).
 */

import type { Json } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { LogicalClock, Reading } from "./clock.js";

type Vector = { [node: string]: number };

export class VectorClock implements LogicalClock {
  readonly #context: NodeContext;
  readonly #past: Vector = {};

  constructor(context: NodeContext) {
    this.#context = context;
  }

  tick(): Reading {
    const { id } = this.#context;
    this.#past[id] = (this.#past[id] ?? 0) + 1;
    return { stamp: { ...this.#past } };
  }

  receive(stamp: Json): Reading {
    this.#merge(stamp as Vector);
    return this.tick();
  }

  restore(stamp: Json): void {
    if (!this.#context.bugs.has("vector-forgotten")) this.#merge(stamp as Vector);
  }

  #merge(other: Vector): void {
    for (const [node, count] of Object.entries(other)) {
      this.#past[node] = Math.max(this.#past[node] ?? 0, count);
    }
  }
}
