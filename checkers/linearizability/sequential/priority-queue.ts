/**
 * A priority queue that executes a view's operations (0 insert, 1 delete, 2 find): a binary heap.
 * Elements are numbers and may be equal. O(log elements) a step.
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";
import { startingElements } from "./starting.js";

/** The least element comes first with "min", the greatest with "max". */
export function priorityQueueObject(order: "min" | "max"): (view: ObjectView) => SequentialObject {
  return (view) => {
    const { values } = view;
    const sign = order === "min" ? 1 : -1;
    const heap = new Heap();
    for (const id of startingElements(view)) heap.add(sign * values.number(id));
    return {
      execute(i) {
        if (view.f[i] === 0) {
          heap.add(sign * values.number(view.input[i]!));
          return true;
        }
        const least = heap.least;
        const output = view.output[i]!;
        const answers =
          view.completed[i] === PENDING ||
          (least === undefined ? output === NULL_ID : values.number(output) === sign * least);
        if (answers && view.f[i] === 1) heap.removeLeast();
        return answers;
      },
    };
  };
}

/** Place p's children are at 2p + 1 and 2p + 2, none less than their parent. */
class Heap {
  readonly #places: number[] = [];

  get least(): number | undefined {
    return this.#places[0];
  }

  add(element: number): void {
    const places = this.#places;
    let place = places.length;
    while (place > 0 && places[(place - 1) >> 1]! > element) {
      places[place] = places[(place - 1) >> 1]!;
      place = (place - 1) >> 1;
    }
    places[place] = element;
  }

  removeLeast(): void {
    const places = this.#places;
    const element = places.pop();
    if (element === undefined || places.length === 0) return;
    let place = 0;
    for (let child = 1; child < places.length; child = 2 * place + 1) {
      if (child + 1 < places.length && places[child + 1]! < places[child]!) child += 1;
      if (places[child]! >= element) break;
      places[place] = places[child]!;
      place = child;
    }
    places[place] = element;
  }
}
