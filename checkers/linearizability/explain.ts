/** From a violation to the anomaly that a person reads. */

import { type Columns, columnsOf, operationAt } from "../../histories/columns.js";
import type { Operation } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly } from "../checker.js";
import type { ObjectVerdict } from "./judge-object.js";
import { type NamedView, viewsOf } from "./object-views.js";
import type { ObjectType } from "./types.js";

const NAMING_STEPS_MAX = 1_000_000;

export function explain(
  columns: Columns,
  type: ObjectType,
  view: NamedView,
  verdict: Extract<ObjectVerdict, { valid: false }>,
): Anomaly {
  const chosen = verdict.core ?? Array.from({ length: view.size }, (_, i) => i);
  const operations = chosen.map((i) => operationAt(columns, view.ids[i]!));
  return nameOf(type, operations, columns.values.value(view.init), view.key);
}

function nameOf(
  type: ObjectType,
  operations: readonly Operation[],
  init: Json,
  key: Json | undefined,
): Anomaly {
  const columns = columnsOf({ events: [], operations, observations: [] });
  const [view] = viewsOf(columns, type, init, () => "");
  const decision = view === undefined ? undefined : type.search(view, NAMING_STEPS_MAX);
  const died = decision?.valid === false ? view!.ids[decision.breaking]! : operations.length - 1;
  return type.nameViolation({ key, init, operations, breaking: operations[died]!, possible: [] });
}
