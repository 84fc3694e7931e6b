/** How explanations speak of keys, values and micro-operations; lists are cut to what matters. */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions, UNKNOWN } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import { keyName, ms, show } from "../../describe.js";

/** A list up to this long is shown as it is; of a longer one, so many elements beside those that matter. */
const WHOLE_MAX = 6;
const BESIDE = 1;

/** "x", as it stands in "x = [1 2]". */
export function keyText({ keys, values }: Transactions, key: number): string {
  return keyName(values.value(keys[key]!)).slice("key ".length);
}

export function valueText({ values }: Transactions, id: number): string {
  return id === NULL_ID ? "nil" : show(values.value(id));
}

/** "x = [.. 6 7 8 ..]" around the elements with these ids, or around the end; "x = 7" of a register. */
export function stateText(
  transactions: Transactions,
  read: number,
  ids: readonly number[],
): string {
  const { key, value, service } = transactions;
  const name = keyText(transactions, key[read]!);
  if (value[read] === UNKNOWN) return `${name} = ?`;
  if (service === "rw-register") return `${name} = ${valueText(transactions, value[read]!)}`;
  return `${name} = ${listText(transactions, read, ids)}`;
}

function listText(transactions: Transactions, read: number, ids: readonly number[]): string {
  const { chainStart, chainElements, value, length } = transactions;
  const size = length[read]!;
  if (size <= 0) return "[]";
  const start = chainStart[value[read]!]!;
  const elements = chainElements.subarray(start, start + size);
  // An element may stand in a list more than once, and that may be what matters.
  const places = [...new Set(ids)].flatMap((id) => {
    const first = elements.indexOf(id);
    return first < 0 ? [] : [...new Set([first, elements.lastIndexOf(id)])];
  });
  if (places.length === 0) places.push(size - 1);
  const isNear = (at: number): boolean =>
    size <= WHOLE_MAX || places.some((place) => Math.abs(place - at) <= BESIDE);
  const shown: string[] = [];
  for (let at = 0; at < size; at++) {
    if (isNear(at)) shown.push(valueText(transactions, elements[at]!));
    else if (at === 0 || isNear(at - 1)) shown.push("..");
  }
  return `[${shown.join(" ")}]`;
}

/** "r x = [1 2]", "append x 3", "w x 3". */
export function microText(
  transactions: Transactions,
  micro: number,
  ids: readonly number[],
): string {
  const { kind, key, value } = transactions;
  if (kind[micro] === microKinds.read) return `r ${stateText(transactions, micro, ids)}`;
  const verb = kind[micro] === microKinds.append ? "append" : "w";
  return `${verb} ${keyText(transactions, key[micro]!)} ${valueText(transactions, value[micro]!)}`;
}

/** "34.8 s", "2.5 ms", "300 ns". */
export function durationText(timeNs: number): string {
  return Math.abs(timeNs) < 1e9 ? ms(timeNs) : `${Number((timeNs / 1e9).toFixed(3))} s`;
}

/** "events 12 to 20", or "event 12, no answer". */
export function eventsText({ invoked, completed, outcome }: Transactions, t: number): string {
  if (outcome[t] === outcomes.info) return `event ${invoked[t]}, never acknowledged`;
  const failed = outcome[t] === outcomes.fail ? ", failed" : "";
  return `events ${invoked[t]} to ${completed[t]}${failed}`;
}
