/** A set's story, element by element. Terms are defined in set.ts. */

import type { Operation } from "../../../histories/history.js";
import { canonical } from "../../../src/base/json.js";
import { keyName } from "../../describe.js";
import { elementsOf } from "../models/set.js";
import { groupBy } from "./group.js";
import { Membership } from "./membership.js";
import { inOrderOfReturn, isAcknowledged, mayHaveHappened, type Violation } from "./violation.js";

export class SetStory {
  readonly where: string;
  /** Reads of the whole, in order of completion. */
  readonly reads: readonly Operation[];
  /** What each of them lists. */
  readonly contents: ReadonlyMap<Operation, ReadonlySet<string>>;
  readonly members: readonly Membership[];
  readonly #begins: ReadonlyMap<Operation, number>;

  constructor({ key, init, operations }: Violation) {
    this.where = keyName(key);
    const initial = new Set(elementsOf(init));
    const told = operations.toSorted(inOrderOfReturn);
    this.reads = told.filter((operation) => operation.f === "read" && isAcknowledged(operation));
    this.contents = new Map(this.reads.map((read) => [read, new Set(elementsOf(read.output))]));
    const single = groupBy(
      told.filter(({ f }) => f !== "read"),
      ({ input }) => canonical(input),
    );
    const listed = [...this.contents.values()].flatMap((contents) => [...contents]);
    const texts = new Set([...initial, ...single.keys(), ...listed]);
    this.members = [...texts].map((text) => {
      const concerned = [...(single.get(text) ?? []), ...this.reads].toSorted(inOrderOfReturn);
      const isListed = (read: Operation): boolean => this.contents.get(read)!.has(text);
      return new Membership(text, initial.has(text), concerned, isListed);
    });
    this.#begins = new Map(this.reads.map((read) => [read, this.#beginOf(read)]));
  }

  /** The position before which an operation cannot have taken effect. */
  readonly begin = (operation: Operation): number =>
    this.#begins.get(operation) ?? operation.invoked;

  #beginOf(read: Operation): number {
    const inside = this.contents.get(read);
    return this.members
      .filter(({ text, isInitial }) => inside?.has(text) === true && !isInitial)
      .map(({ adds }) =>
        adds
          .filter(mayHaveHappened)
          .reduce((first, { invoked }) => Math.min(first, invoked), Number.POSITIVE_INFINITY),
      )
      .filter(Number.isFinite)
      .reduce((begin, invoked) => Math.max(begin, invoked), read.invoked);
  }
}
