/**
 * The story of a queue, a stack or a priority queue, element by element: what was put, taken, and
 * looked at, where a look is an answer that leaves the element in its place.
 *
 * An element that was put once is *surely inside* from `putBy` (its put was acknowledged, or
 * somebody found it) until `takenFrom` (the invocation of its take, or of the last look that found
 * it). One that no completed take answered stays for ever, unless a take is pending: that may have
 * taken it.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import { keyName } from "../../describe.js";
import { roleOf } from "./functions.js";
import { groupBy } from "./group.js";
import { inOrderOfReturn, isAcknowledged, mayHaveHappened, type Violation } from "./violation.js";

export interface Element {
  value: Json;
  /** Undefined for one that was there from the start. */
  put: Operation | undefined;
  /** Completed takes and looks that answered it, in order of completion. */
  finders: readonly Operation[];
  wasTaken: boolean;
  /** It was not inside before; -1 for the start, where `rank` counts. */
  putFrom: number;
  rank: number;
  putBy: number;
  takenFrom: number;
}

export class ContainerStory {
  readonly where: string;
  readonly initial: readonly Json[];
  /** Puts, failed ones included. */
  readonly attempts: ReadonlyMap<string, Operation[]>;
  /** Puts that did not fail. */
  readonly puts: readonly Operation[];
  /** Takes that answered an element, in order of completion. */
  readonly takes: readonly Operation[];
  /** Takes and looks that answered an element, in order of completion. */
  readonly finders: readonly Operation[];
  /** Takes and looks that answered null. */
  readonly foundEmpty: readonly Operation[];
  readonly pendingTakes: readonly Operation[];
  /** Elements that were put once in all. */
  readonly elements: ReadonlyMap<string, Element>;

  constructor({ key, init, operations }: Violation) {
    this.where = keyName(key);
    this.initial = Array.isArray(init) ? init : [];
    const attempts = operations.filter(({ f }) => roleOf(f) === "put");
    this.attempts = groupBy(attempts, ({ input }) => canonical(input));
    this.puts = attempts.filter(mayHaveHappened);
    const answers = operations
      .filter((operation) => roleOf(operation.f) !== "put" && isAcknowledged(operation))
      .toSorted(inOrderOfReturn);
    this.foundEmpty = answers.filter(({ output }) => output === null);
    this.finders = answers.filter(({ output }) => output !== null);
    this.takes = this.finders.filter(isTake);
    this.pendingTakes = operations.filter(
      (operation) => isTake(operation) && operation.outcome === "info",
    );
    this.elements = this.#elementsPutOnce();
  }

  countInitial(text: string): number {
    return this.initial.filter((value) => canonical(value) === text).length;
  }

  /** Pending takes that may have taken something before a position. */
  pendingTakesBefore(position: number): number {
    return this.pendingTakes.filter(({ invoked }) => invoked < position).length;
  }

  #elementsPutOnce(): Map<string, Element> {
    const finders = groupBy(this.finders, ({ output }) => canonical(output));
    const puts: { value: Json; put: Operation | undefined }[] = [
      ...this.initial.map((value) => ({ value, put: undefined })),
      ...this.puts.map((put) => ({ value: put.input, put })),
    ];
    const elements = new Map<string, Element>();
    for (const [text, same] of groupBy(puts, ({ value }) => canonical(value))) {
      if (same.length > 1) continue;
      const { value, put } = same[0]!;
      const rank = put === undefined ? this.initial.indexOf(value) : 0;
      elements.set(text, this.#element(value, put, rank, finders.get(text) ?? []));
    }
    return elements;
  }

  #element(
    value: Json,
    put: Operation | undefined,
    rank: number,
    finders: readonly Operation[],
  ): Element {
    const wasTaken = finders.some(isTake);
    const putFrom = put?.invoked ?? -1;
    const found = finders[0]?.completed ?? Number.POSITIVE_INFINITY;
    const putBy = Math.min(put === undefined ? -1 : put.completed, found);
    const stays = !wasTaken && this.pendingTakes.length === 0;
    const takenFrom = finders.reduce((last, { invoked }) => Math.max(last, invoked), putFrom);
    return {
      ...{ value, put, finders, wasTaken, putFrom, rank, putBy },
      takenFrom: stays ? Number.POSITIVE_INFINITY : takenFrom,
    };
  }
}

export function isTake({ f }: Operation): boolean {
  return roleOf(f) === "take";
}
