/** The words that all parts of an explanation share: times, lists, operations, values. */

import type { Operation } from "../../histories/index.js";
import { canonical, type Json } from "../base/json.js";
import type { PlannedOperation } from "../plan/plan.js";

const VALUE_MAX = 48;
const MS_BELOW_US = 50_000;

/** "1.204 s": as many of three decimals as there are; "0.8 ms" where those would not tell. */
export function seconds(us: number): string {
  if (us > 0 && us < MS_BELOW_US) return `${Number((us / 1_000).toFixed(3))} ms`;
  return `${Number((us / 1_000_000).toFixed(3))} s`;
}

/** "1.2041 s": to the tenth of a millisecond, where events follow each other closely. */
export function instant(us: number): string {
  return `${(us / 1_000_000).toFixed(4)} s`;
}

/** A stretch of time in the unit that suits it: "7 us", "3.2 ms", "1.5 s". */
export function duration(us: number): string {
  const size = Math.abs(us);
  if (size < 1_000) return `${us} us`;
  if (size < 1_000_000) return `${Number((us / 1_000).toFixed(1))} ms`;
  return `${Number((us / 1_000_000).toFixed(2))} s`;
}

/** "from 1.2 s to 3.4 s", or "at 1.2 s" where both look the same. */
export function span(fromUs: number, toUs: number): string {
  const [from, to] = [seconds(fromUs), seconds(toUs)];
  return from === to ? `at ${from}` : `from ${from} to ${to}`;
}

/** "n1, n2 and n3" */
export function list(items: readonly string[]): string {
  const last = items.at(-1) ?? "nobody";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** "seed 4", or "seed 4 (shrunk from seed 7001)" */
export function seedWords(seed: number, from: number | undefined): string {
  return `seed ${seed}${from === undefined || from === seed ? "" : ` (shrunk from seed ${from})`}`;
}

/** "1 run", "2 runs" */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function shown(value: Json | undefined, max = VALUE_MAX): string {
  const text = canonical(value);
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** "write 5 to x", "read x", "cas x from 1 to 2", "txn [...]". */
export function request({ f, key, input }: Pick<Operation, "f" | "key" | "input">): string {
  const at = key === undefined || key === null ? "" : String(key);
  if (f === "write" && at !== "") return `write ${shown(input)} to ${at}`;
  if (f === "cas" && Array.isArray(input)) {
    return `cas ${at} from ${shown(input[0])} to ${shown(input[1])}`.replace("  ", " ");
  }
  return [f, at, input === null ? "" : shown(input)].filter((part) => part !== "").join(" ");
}

/** The same of an operation of a plan. */
export function plannedRequest({ f, key, value }: PlannedOperation): string {
  return request({ f, ...(key === undefined ? {} : { key }), input: value });
}

/** How it ended: "got 5", "ok", "failed", "nobody knows whether it happened". */
export function answer({
  outcome,
  input,
  output,
}: Pick<Operation, "outcome" | "input" | "output">): string {
  if (outcome === "fail") return "did not happen";
  if (outcome === "info") return "no answer";
  const says = canonical(output) !== canonical(input) || input === null;
  return says ? `got ${shown(output)}` : "ok";
}
