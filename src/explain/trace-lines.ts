/** Events of a trace as people read them. */

import { isJsonObject, type Json } from "../base/json.js";
import type { TraceRecord } from "../sim/trace.js";
import type { TraceLine } from "./explanation.js";
import { shown } from "./words.js";

const BODY_MAX = 56;

/** Numbers that tie requests to replies: noise for the reader. */
const WIRING: ReadonlySet<string> = new Set(["type", "msg_id", "in_reply_to"]);

export function lineOf({ timeUs, kind, who, detail, effects = [] }: TraceRecord): TraceLine {
  const text = [detail === undefined ? "" : bodyWords(detail), ...grouped(effects)];
  return { timeUs, kind, who, text: text.filter((part) => part !== "").join("; ") };
}

/** "append term 3, entries [...]" */
export function bodyWords(body: Json, max = BODY_MAX): string {
  if (!isJsonObject(body)) return shown(body, max);
  const fields = Object.entries(body)
    .filter(([name, value]) => !WIRING.has(name) && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : shown(value, max)}`);
  const text = [String(body["type"] ?? "message"), fields.join(", ")].join(" ").trim();
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** "n1->n2 append: cut off (3 times)" */
function grouped(effects: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const effect of effects) counts.set(effect, (counts.get(effect) ?? 0) + 1);
  return [...counts].map(([effect, count]) =>
    count === 1 ? effect : `${effect} (${count} times)`,
  );
}
