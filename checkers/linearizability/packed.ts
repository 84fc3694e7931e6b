/**
 * An object on its way to another thread: its columns, and the values that occur in them. Everything
 * is plain data that structured cloning copies.
 */

import { ValueTable } from "../../histories/values.js";
import type { Json } from "../../src/base/json.js";
import { bySearch, type ObjectVerdict } from "./judge-object.js";
import { typeNamed } from "./types.js";
import type { ObjectView } from "./view.js";

export interface PackedTask {
  type: string;
  stepsMax: number;
  certify: boolean;
  view: Omit<ObjectView, "values">;
  /** By the ids that the packed view uses. */
  values: Json[];
}

/** O(operations, and the size of their values). */
export function pack(
  view: ObjectView,
  type: string,
  stepsMax: number,
  certify: boolean,
): PackedTask {
  const { size, f, invoked, completed, process } = view;
  const values: Json[] = [];
  const places = new Map<number, number>();
  const placeOf = (id: number): number => {
    let place = places.get(id);
    if (place === undefined) {
      place = values.push(view.values.value(id)) - 1;
      places.set(id, place);
    }
    return place;
  };
  const init = placeOf(view.init);
  const input = view.input.map(placeOf);
  const output = view.output.map(placeOf);
  const packed = { size, f, input, output, invoked, completed, process, init };
  return { type, stepsMax, certify, view: packed, values };
}

/** On the other side. */
export function decidePacked({ type, stepsMax, certify, view, values }: PackedTask): ObjectVerdict {
  const table = new ValueTable();
  const ids = values.map((value) => table.id(value));
  const idOf = (place: number): number => ids[place]!;
  const { size, f, invoked, completed, process } = view;
  const unpacked: ObjectView = {
    size,
    f,
    invoked,
    completed,
    process,
    values: table,
    init: idOf(view.init),
    input: view.input.map(idOf),
    output: view.output.map(idOf),
  };
  return bySearch(unpacked, typeNamed(type), stepsMax, certify);
}
