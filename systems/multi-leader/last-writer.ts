/**
 * The last writer wins (Thomas' write rule, 1979): of two states the one with the higher stamp stays.
 *
 * "Last" is by hybrid logical clock: a write gets a stamp above everything that its node has seen. A
 * write that was made in the knowledge of another is therefore never beaten by it, whatever the calendars
 * of the two nodes say. Of two writes that knew nothing of each other one is lost, although both were
 * acknowledged: that is the price, and no mistake. A delete is a write of null, and beaten as such: it
 * leaves a tombstone, or an older write that comes late would take its place.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { compareStamps, HybridClock, type Stamp } from "../stamps.js";
import type { Change, Resolution, State } from "./resolution.js";

type Version = { stamp: Stamp; value: Json };

export class LastWriter implements Resolution {
  readonly changes = {
    write: (): JsonObject => ({}),
    delete: (): JsonObject => ({}),
  };
  readonly #context: NodeContext;
  readonly #clock: HybridClock;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#clock = new HybridClock(context.id);
  }

  change(_: State | undefined, { type, value }: Change): State {
    return { stamp: this.#stamp(), value: type === "delete" ? null : value };
  }

  merge(left: State, right: State): State {
    const [known, challenger] = [left as Version, right as Version];
    const wins = this.#wins(challenger.stamp, known.stamp);
    if (!wins && challenger.stamp.node !== known.stamp.node) {
      this.#context.probe("a write lost a conflict");
    }
    return wins ? right : left;
  }

  read(state: State | undefined): JsonObject {
    return { value: state?.["value"] ?? null };
  }

  witness(state: State): void {
    this.#clock.witness((state as Version).stamp);
  }

  isTombstone({ value }: State): boolean {
    return value === null;
  }

  #stamp(): Stamp {
    const { bugs, clock, id } = this.#context;
    if (bugs.has("wall-clock")) return { ms: Math.floor(clock.wallMs()), count: 0, node: id };
    return this.#clock.next(clock.wallMs());
  }

  #wins(challenger: Stamp, known: Stamp): boolean {
    const isTie = challenger.ms === known.ms && challenger.count === known.count;
    if (isTie && this.#context.bugs.has("tie-keeps-local")) return false;
    return compareStamps(challenger, known) > 0;
  }
}
