/**
 * A hybrid logical clock (Kulkarni, Demirbas, Madappa, Avva, Leone 2014): Lamport's order, in stamps that
 * are near the calendar. The arithmetic is in ../stamps.ts.
 *
 * A message from too far ahead of this node's calendar is refused (section 5 there; CockroachDB's maximum
 * offset): else one clock set forward by a year would carry everybody along, for good. Hence a stamp is
 * ahead of all that the node's own calendar has ever said by the bound at most.
 */

import type { Json } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { HybridClock } from "../stamps.js";
import type { LogicalClock, Reading } from "./clock.js";

export class BoundedHybridClock implements LogicalClock {
  readonly boundMs: number;
  readonly #context: NodeContext;
  readonly #clock: HybridClock;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#clock = new HybridClock(context.id);
    this.boundMs = Number(context.options["boundMs"]);
  }

  tick(): Reading {
    const physicalMs = this.#physicalMs();
    const { ms, count, node } = this.#clock.next(physicalMs);
    const parts = [ms, count];
    const stamp = this.#context.bugs.has("ties-unbroken") ? parts : [...parts, node];
    return { stamp, physicalMs };
  }

  receive(stamp: Json): Reading | undefined {
    const { bugs, probe } = this.#context;
    const [ms] = stamp as [number];
    if (ms - this.#physicalMs() > this.boundMs && !bugs.has("no-drift-bound")) {
      probe("a message from too far ahead was refused");
      return undefined;
    }
    this.#witness(stamp);
    return this.tick();
  }

  restore(stamp: Json): void {
    if (!this.#context.bugs.has("physical-part-forgotten")) this.#witness(stamp);
  }

  #witness(stamp: Json): void {
    const [ms, count, node = ""] = stamp as [number, number, string?];
    this.#clock.witness({ ms, count, node });
  }

  #physicalMs(): number {
    return Math.floor(this.#context.clock.wallMs());
  }
}
