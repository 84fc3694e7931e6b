/** Which type of object a history is about, from what clients called and what they got. */

import { type Columns, outcomes } from "../../histories/columns.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { FENCE } from "./object-views.js";
import { type ObjectType, types } from "./types.js";

/**
 * The name of the type whose functions the clients used; among several, the one that fits what they
 * were answered.
 * @throws UsageError when no type offers all of them.
 */
export function inferType(columns: Columns, init: Json = null): string {
  const used = columns.functions.filter((f) => f !== FENCE);
  const offering = [...types.values()].filter((type) => used.every((f) => offers(type, f)));
  const first = offering.find((type) => misfit(type, columns, init) === undefined) ?? offering[0];
  if (first !== undefined) return first.name;
  const known = [...types.values()].map(
    ({ name, functions }) => `${name} (${functions.join(", ")})`,
  );
  throw new UsageError(
    `no type offers ${used.join(", ")} together; known types: ${known.join("; ")}`,
  );
}

function offers({ functions, aliases }: ObjectType, f: string): boolean {
  return functions.includes(f) || Object.hasOwn(aliases, f);
}

/**
 * Why the answers of a history cannot be those of a type, however wrong the system: all of them are of
 * another kind. Undefined when they can.
 */
export function misfit(type: ObjectType, columns: Columns, init: Json): string | undefined {
  const wanted = ANSWERS[type.name];
  if (wanted !== undefined) {
    const { read, kind } = wanted;
    const { seen, fitting, input } = answersOf(columns, read, kind);
    if (seen > 0 && fitting === 0) return `its reads return no ${kind}s`;
    if (!input) return `its elements are no numbers`;
  }
  if (type.name === "semaphore" && typeof init !== "number") return "it starts with no permits";
  if (type.name === "mutex" && typeof init === "number") return "it starts with permits";
  return undefined;
}

type Kind = "number" | "list" | "text";

/** What reads of some types return. */
const ANSWERS: { [type: string]: { read: string; kind: Kind } } = {
  counter: { read: "read", kind: "number" },
  "fetch-and-add": { read: "fetch-and-add", kind: "number" },
  set: { read: "read", kind: "list" },
  "list-append": { read: "read", kind: "list" },
};

function answersOf(
  columns: Columns,
  read: string,
  kind: Kind,
): { seen: number; fitting: number; input: boolean } {
  const { size, f, functions, outcome, input, output, values } = columns;
  let seen = 0;
  let fitting = 0;
  let numeric = true;
  for (let i = 0; i < size; i++) {
    const name = functions[f[i]!]!;
    if (name !== read) {
      if (kind === "number" && name === "add" && !values.isNumber(input[i]!)) numeric = false;
      continue;
    }
    if (outcome[i] !== outcomes.ok) continue;
    const answer = output[i]!;
    if (kind === "number" ? values.isNumber(answer) : values.isList(answer)) fitting += 1;
    // Null fits everything: an object that nobody has touched.
    if (values.value(answer) !== null) seen += 1;
  }
  return { seen, fitting, input: numeric };
}
