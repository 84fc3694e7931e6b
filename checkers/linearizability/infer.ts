/** Which type of object a history is about, from what clients called and what they got. */

import { type Columns, columnsOf, outcomes } from "../../histories/columns.js";
import type { History } from "../../histories/history.js";
import { NULL_ID, type ValueTable } from "../../histories/values.js";
import { EventError, UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { closest } from "../../src/base/names.js";
import { FENCE } from "./object-views.js";
import { type ObjectType, types } from "./types.js";

/** Functions that speak for one type, though others know them too. */
const TELLING: { [f: string]: string } = { get: "kv", put: "kv" };

/**
 * The name of the type whose functions the clients used; among several, the one that fits what they
 * put in and were answered.
 * @throws UsageError when no type offers all of them.
 */
export function inferType(history: Columns | History, init: Json = null): string {
  const columns = "events" in history ? columnsOf(history) : history;
  const used = columns.functions.filter((f) => f !== FENCE);
  const told = used.flatMap((f) => (Object.hasOwn(TELLING, f) ? [TELLING[f]] : []));
  const all = [...types.values()];
  const likelyFirst = [
    ...all.filter(({ name }) => told.includes(name)),
    ...all.filter(({ name }) => !told.includes(name)),
  ];
  const offering = likelyFirst.filter((type) => used.every((f) => offers(type, f)));
  const starting = offering.filter((type) => type.refuseInit(init) === undefined);
  const fitting = starting.find((type) => misfit(type, columns) === undefined);
  const first = fitting ?? starting[0] ?? offering[0];
  if (first !== undefined) return first.name;
  return refuseAll(columns, used);
}

function refuseAll(columns: Columns, used: readonly string[]): never {
  const all = [...types.values()];
  const knowing = (f: string) => all.filter((type) => offers(type, f)).map(({ name }) => name);
  const stranger = used.find((f) => knowing(f).length === 0);
  if (stranger !== undefined) {
    const names = all.flatMap(({ functions, aliases }) => [...functions, ...Object.keys(aliases)]);
    const near = closest(stranger, names);
    const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : "see `list types`";
    const i = columns.f.indexOf(columns.functions.indexOf(stranger));
    const reason = `process ${columns.process[i]}: no type of object offers ${JSON.stringify(stranger)}: ${hint}`;
    throw new EventError(columns.invoked[i]!, reason);
  }
  const whose = used.map((f) => `${f} (${knowing(f).slice(0, 3).join(", ")})`);
  throw new UsageError(`no one type offers ${whose.join(" and ")}: check them apart`);
}

function offers({ functions, aliases }: ObjectType, f: string): boolean {
  return functions.includes(f) || Object.hasOwn(aliases, f);
}

/**
 * Why a history cannot be that of a type, however wrong the system: all that clients were answered,
 * or what they put in, is of another kind. Undefined when it can.
 */
export function misfit(type: ObjectType, columns: Columns): string | undefined {
  const { reads, aliases } = type;
  const isRead = (f: string) => reads.includes(Object.hasOwn(aliases, f) ? aliases[f]! : f);
  // Reads alone say nothing of what clients meant, and what a system returns is for verdicts.
  if (columns.functions.every((f) => f === FENCE || isRead(f))) return undefined;
  switch (type.name) {
    case "counter":
      if (!puts(columns, "add", isNumber)) return "not all that is added are numbers";
      return answers(columns, "read", isNumber) ? undefined : "no read returns a number";
    case "set":
    case "list-append":
      return answers(columns, "read", isList) ? undefined : "no read returns a list";
    case "kv":
      if (!columns.functions.includes("append")) return undefined;
      if (!puts(columns, "append", isText)) return "not all that is appended are strings";
      return answers(columns, "read", isText) ? undefined : "no read returns a string";
    default:
      return undefined;
  }
}

type Kind = (values: ValueTable, id: number) => boolean;

const isNumber: Kind = (values, id) => values.isNumber(id);
const isList: Kind = (values, id) => values.isList(id);
const isText: Kind = (values, id) => typeof values.value(id) === "string";

/** Whether all inputs of a function are of a kind. */
function puts({ size, f, functions, input, values }: Columns, name: string, kind: Kind): boolean {
  const code = functions.indexOf(name);
  for (let i = 0; i < size; i++) if (f[i] === code && !kind(values, input[i]!)) return false;
  return true;
}

/** Whether some answer of a function is of a kind, or all are null: an object that nobody touched. */
function answers(columns: Columns, name: string, kind: Kind): boolean {
  const { size, f, functions, outcome, output, values } = columns;
  const code = functions.indexOf(name);
  let others = false;
  for (let i = 0; i < size; i++) {
    if (f[i] !== code || outcome[i] !== outcomes.ok || output[i] === NULL_ID) continue;
    if (kind(values, output[i]!)) return true;
    others = true;
  }
  return !others;
}
