/** A history whose verdict a person can see, in the short notation. */

import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { historyOf } from "./notation.js";
import type { ObjectType } from "./object-types.js";

export interface KnownHistory {
  type: ObjectType;
  name: string;
  linearizable: boolean;
  events: HistoryEvent[];
  init: Json;
}

export function known(
  type: ObjectType,
  linearizable: boolean,
  name: string,
  text: string,
  init: Json = null,
): KnownHistory {
  return { type, linearizable, name, events: historyOf(text), init };
}
