/**
 * A merge of the application's own: here a set whose merge is the union, as Dynamo's shopping cart had
 * it (DeCandia et al. 2007). Nothing that was added is ever lost, and nothing can be taken out: an item
 * removed on one side of a partition would come back with the other.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { Change, Resolution, State } from "./resolution.js";

type Elements = { elements: Json[] };

export class CustomMerge implements Resolution {
  readonly changes = { add: (): JsonObject => ({}) };

  change(state: State | undefined, { value }: Change): State {
    return union(elementsOf(state), [value]);
  }

  merge(left: State, right: State): State {
    return union(elementsOf(left), elementsOf(right));
  }

  read(state: State | undefined): JsonObject {
    return { value: elementsOf(state) };
  }
}

function elementsOf(state: State | undefined): Json[] {
  return (state as Elements | undefined)?.elements ?? [];
}

/** By their text, in its order: equal sets look alike. */
function union(left: readonly Json[], right: readonly Json[]): Elements {
  const byText = new Map([...left, ...right].map((element) => [JSON.stringify(element), element]));
  return {
    elements: [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, element]) => element),
  };
}
