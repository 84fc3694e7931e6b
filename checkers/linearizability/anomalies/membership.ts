/** What a set's operations tell of one element: whether they found it inside, and whether they left it there. */

import type { Operation } from "../../../histories/history.js";
import { isAcknowledged, mayHaveHappened } from "./violation.js";

/** Undefined where the operation does not tell. */
export interface Sign {
  operation: Operation;
  found: boolean | undefined;
  left: boolean;
}

export class Membership {
  /** By acknowledged operations, in the order of `operations`. */
  readonly signs: readonly Sign[];
  readonly adds: readonly Operation[];
  /** Adds and removes that may have changed something. */
  readonly #changes: readonly Operation[];

  /** `operations` are those that concern the element, reads included. */
  constructor(
    readonly text: string,
    readonly isInitial: boolean,
    operations: readonly Operation[],
    isListed: (read: Operation) => boolean,
  ) {
    this.signs = operations.filter(isAcknowledged).map((operation) => signOf(operation, isListed));
    this.adds = operations.filter(({ f }) => f === "add");
    this.#changes = operations.filter(
      (operation) =>
        (operation.f === "add" || operation.f === "remove") &&
        mayHaveHappened(operation) &&
        !(isAcknowledged(operation) && operation.output === false),
    );
  }

  /** What may have put the element in (taken it out). */
  changesTo(inside: boolean): Operation[] {
    return this.#changes.filter(({ f }) => (f === "add") === inside);
  }

  /** Adds that failed, or may have put the element in. */
  attempts(): Operation[] {
    return this.adds.filter((add) => !mayHaveHappened(add) || this.#changes.includes(add));
  }
}

function signOf(operation: Operation, isListed: (read: Operation) => boolean): Sign {
  const { f, output } = operation;
  switch (f) {
    case "add":
      return { operation, found: typeof output === "boolean" ? !output : undefined, left: true };
    case "remove":
      return { operation, found: typeof output === "boolean" ? output : undefined, left: false };
    case "contains":
      return { operation, found: output === true, left: output === true };
    default: {
      const found = isListed(operation);
      return { operation, found, left: found };
    }
  }
}
