/**
 * Who tried to put what a story's reads found, though it failed or began too late: without them one
 * could not tell a read from the future, or of what was taken back, from a value out of nowhere.
 */

import { type Columns, operationAt, outcomes } from "../../histories/columns.js";
import type { Operation } from "../../histories/history.js";
import { NULL_ID } from "../../histories/values.js";
import type { ObjectType } from "./object-type.js";
import { FENCE, type NamedView } from "./object-views.js";

/** Values that are looked for; a read of a whole list may hold any number. */
const WANTED_MAX = 100;

/** The story with one attempt at each value that nobody in it put, one that did not fail if possible. */
export function withAttempts(
  columns: Columns,
  type: ObjectType,
  view: NamedView,
  story: readonly Operation[],
): Operation[] {
  const { values } = columns;
  const { reads, aliases } = type;
  const isRead = (f: string) => reads.includes(Object.hasOwn(aliases, f) ? aliases[f]! : f);
  const told = [...story];
  const provided = new Set([view.init, ...values.elements(view.init)]);
  for (const operation of story) {
    if (operation.outcome !== "fail" && !isRead(operation.f)) provided.add(put(operation));
  }
  const wanted: number[] = [];
  const tellsElements = type.name === "set" || type.name === "list-append";
  const isPut = columns.functions.map((f) => !isRead(f) && f !== FENCE);
  const want = (id: number): void => {
    if (provided.has(id)) return;
    provided.add(id);
    wanted.push(id);
  };
  const wantFor = ({ f, input, output, outcome }: Operation): void => {
    // A cas that took effect found what it asks for, also when nobody knows that it did.
    if (f === "cas" && outcome !== "fail") want(values.elements(values.id(input))[0] ?? NULL_ID);
    else if (outcome !== "ok") return;
    else if (f === "contains") {
      if (output === true) want(values.id(input));
    } else if (isRead(f) || values.id(output) !== values.id(input)) {
      if (!tellsElements) want(values.id(output));
      else for (const element of values.elements(values.id(output))) want(element);
    }
  };
  for (const operation of story) wantFor(operation);
  // A cas that is told of may want what another one put, and so on.
  for (let done = 0; done < wanted.length && wanted.length <= WANTED_MAX; ) {
    const attempts = attemptsAt(columns, view, isPut, new Set(wanted.slice(done)));
    done = wanted.length;
    for (const attempt of attempts) {
      told.push(attempt);
      wantFor(attempt);
    }
  }
  return told.sort((a, b) => a.invoked - b.invoked);

  function put({ f, input }: Operation): number {
    const id = values.id(input);
    return f === "cas" ? (values.elements(id)[1] ?? NULL_ID) : id;
  }
}

/** One operation for each of the values that was ever tried to be put. O(operations). */
function attemptsAt(
  columns: Columns,
  view: NamedView,
  isPut: readonly boolean[],
  wanted: ReadonlySet<number>,
): Operation[] {
  const { size, key, input, output, outcome, values, functions, f } = columns;
  const cas = functions.indexOf("cas");
  const own = key[view.ids[0]!]!;
  const best = new Map<number, number>();
  // A write needs nobody, a cas who puts what it finds, and what failed put nothing.
  const rank = (i: number): number => (outcome[i] === outcomes.fail ? 2 : f[i] === cas ? 1 : 0);
  for (let i = 0; i < size; i++) {
    if (key[i] !== own || isPut[f[i]!] !== true) continue;
    // An add that found the element there put nothing.
    if (values.boolean(output[i]!) === false && values.boolean(input[i]!) === undefined) continue;
    const [from = NULL_ID, to = NULL_ID] = f[i] === cas ? values.elements(input[i]!) : [];
    const put = f[i] === cas ? to : input[i]!;
    // A cas to what it found puts nothing.
    if (!wanted.has(put) || (f[i] === cas && from === to)) continue;
    const known = best.get(put);
    if (known === undefined || rank(i) < rank(known)) best.set(put, i);
  }
  return [...best.values()].map((i) => operationAt(columns, i));
}
