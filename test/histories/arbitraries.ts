/** Random well-formed histories, keys and payloads of every kind among them. */

import fc from "fast-check";
import type { HistoryEvent } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";

/** Text that stresses escapes, keywords and numbers. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("", "nil", ":a", "a b", '"', "\\", "\n", "9007199254740993", "##Inf", "#_x", ";"),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x)),
  fc.constantFrom(2 ** 53, -(2 ** 60), 1e21, 1e300, 5e-324),
);
const scalar: fc.Arbitrary<Json> = fc.oneof(fc.constant(null), fc.boolean(), number, text);
const payload: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.tuple(scalar, scalar),
  // As a read of a keyed history has it: the case in which a pair looks most like a tuple.
  fc.tuple(scalar, fc.constant(null)),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as Json),
);

const step = fc.record({
  slot: fc.nat(3),
  f: fc.constantFrom("read", "write", "cas", "txn", "fence", "odd name"),
  key: fc.option(scalar, { nil: undefined }),
  value: payload,
  outcome: fc.constantFrom("ok", "ok", "fail", "info"),
  elapsedNs: fc.oneof(fc.nat(1000), fc.constant(0)),
  error: fc.option(payload, { nil: undefined }),
  final: fc.option(fc.boolean(), { nil: undefined }),
  node: fc.option(text, { nil: undefined }),
  note: fc.option(fc.tuple(fc.constantFrom("note", "two words", "__proto__", "0"), payload), {
    nil: undefined,
  }),
  keepsKey: fc.boolean(),
  observes: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});

/** Whether events have keys: all (as Jepsen writes them), none, or any. */
const keying = fc.constantFrom("all", "none", "any");

export const histories: fc.Arbitrary<HistoryEvent[]> = fc
  .record({
    steps: fc.array(step, { maxLength: 30 }),
    keys: keying,
    start: fc.constantFrom(0, 1.7e18),
  })
  .map(({ steps, keys, start }) => {
    const events: HistoryEvent[] = [];
    const open = new Map<number, HistoryEvent>();
    const processes = [0, 1, 2, 3];
    let time = start;
    for (const one of steps) {
      time += one.elapsedNs;
      const process = processes[one.slot]!;
      const invocation = open.get(process);
      const event: HistoryEvent = {
        index: events.length,
        time,
        process,
        type: invocation ? (one.outcome as "ok" | "fail" | "info") : "invoke",
        f: invocation?.f ?? one.f,
        value: one.value,
      };
      const key = invocation ? invocation.key : one.key;
      if (keys === "all") event.key = invocation ? invocation.key! : (one.key ?? "k");
      if (keys === "any" && key !== undefined && (!invocation || one.keepsKey)) event.key = key;
      if (keys === "all" && event.f === "read" && !invocation) event.value = null;
      if (one.error !== undefined) event.error = one.error;
      if (one.final !== undefined) event.final = one.final;
      if (one.node !== undefined) event.node = one.node;
      if (one.note) Object.defineProperty(event, one.note[0], own(one.note[1]));
      if (one.observes) {
        events.push({ ...event, process: one.outcome === "ok" ? "nemesis" : "n 1", type: "info" });
        continue;
      }
      events.push(event);
      if (invocation) open.delete(process);
      else open.set(process, event);
      if (event.type === "info") processes[one.slot] = process + 4;
    }
    return events;
  });

/** Assignment would take `__proto__` for the prototype. */
function own(value: Json): PropertyDescriptor {
  return { value, enumerable: true, writable: true, configurable: true };
}
