/** Random small histories of one register, well formed, right or wrong. */

import fc from "fast-check";
import type { History, HistoryEvent } from "../../histories/index.js";
import { toHistory } from "../../histories/index.js";

interface Draft {
  process: number;
  isWrite: boolean;
  value: number | null;
  answers: boolean;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  process: fc.integer({ min: 0, max: 2 }),
  isWrite: fc.boolean(),
  value: fc.constantFrom(null, 1, 2, 3),
  answers: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
});

/** Writes write 1, 2, 3 … in the order of their invocations; reads return anything of these. */
export const registerHistories: fc.Arbitrary<History> = fc
  .tuple(
    fc.array(draft, { minLength: 1, maxLength: 6 }),
    fc.array(fc.nat({ max: 30 }), { minLength: 12, maxLength: 12 }),
  )
  .map(([drafts, choices]) => interleaved(drafts, choices));

function interleaved(drafts: readonly Draft[], choices: readonly number[]): History {
  const events: HistoryEvent[] = [];
  const waiting = [...drafts];
  const open = new Map<number, Draft & { written: number }>();
  const retired = new Set<number>();
  let written = 0;
  const add = (event: Pick<HistoryEvent, "process" | "type" | "f" | "value">): void => {
    events.push({ index: events.length, time: events.length * 1000, ...event });
  };
  for (const choice of choices) {
    const next = waiting[0];
    const mayInvoke = next !== undefined && !open.has(next.process);
    const ready = [...open.values()];
    if (mayInvoke && (ready.length === 0 || choice % 2 === 0)) {
      waiting.shift();
      if (retired.has(next.process)) continue;
      if (next.isWrite) written++;
      open.set(next.process, { ...next, written });
      const [f, value] = next.isWrite ? ["write", written] : ["read", null];
      add({ process: next.process, type: "invoke", f: f as string, value });
      continue;
    }
    const done = ready[choice % Math.max(1, ready.length)];
    if (done === undefined) continue;
    open.delete(done.process);
    if (!done.answers) {
      retired.add(done.process);
      continue;
    }
    const [f, value] = done.isWrite ? ["write", done.written] : ["read", done.value];
    add({ process: done.process, type: "ok", f: f as string, value });
  }
  return toHistory(events);
}
