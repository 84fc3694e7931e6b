/** Random transactional histories, spelled in every format, and what is compared of their columns. */

import fc from "fast-check";
import type { HistoryEvent } from "../../histories/history.js";
import { formatJsonl } from "../../histories/jsonl.js";
import { microAt } from "../../histories/transaction-events.js";
import type { Transactions } from "../../histories/transactions.js";
import type { Json } from "../../src/base/json.js";

/** All that columns say, numbers of values and keys replaced by what they stand for. */
export function toldBy(transactions: Transactions) {
  const { values, keys, kind, key, value, length, chainStart, chainElements, chainKey } =
    transactions;
  const { service, size, eventCount, outcome, process, invoked, completed, from } = transactions;
  const { invokedAt, completedAt } = transactions;
  const spelled = (id: number) => values.value(id);
  const keyOf = (place: number) => spelled(keys[place]!);
  return {
    service,
    size,
    eventCount,
    columns: [outcome, process, invoked, completed, invokedAt, completedAt, from].map((column) => [
      ...column,
    ]),
    micros: Array.from(kind, (_, i) => [
      ...microAt(transactions, i),
      kind[i] === 0 && service === "list-append" ? value[i]! : "",
      value[i] === -1,
      length[i]!,
      key[i]!,
    ]),
    chains: Array.from(chainKey, (place, c) => [
      keyOf(place),
      [...chainElements.subarray(chainStart[c], chainStart[c + 1])].map(spelled),
    ]),
  };
}

export type Spelling = (event: HistoryEvent) => string;

/** As Jepsen spells it: micro-operations with keywords, fields in an order of its own. */
export const jepsen: Spelling = ({ type, value, process, time, index, f, error }) => {
  const reason = error === undefined ? "" : `, :error ${edn(error)}`;
  const named = typeof process === "string" ? `:${process}` : process;
  const isTxn = f === "txn" && Array.isArray(value);
  const spelled = isTxn ? `[${value.map(ednMicro).join(" ")}]` : edn(value);
  return `{:type :${type}, :f :${f}, :value ${spelled}, :process ${named}, :time ${time}, :index ${index}${reason}}`;
};

/** Its kind as a keyword. */
function ednMicro(micro: Json): string {
  const [name, ...rest] = Array.isArray(micro) ? micro : [];
  if (typeof name !== "string") return edn(micro);
  return `[:${[name, ...rest.map(edn)].join(" ")}]`;
}

export function edn(value: Json): string {
  if (value === null) return "nil";
  if (Array.isArray(value)) return `[${value.map(edn).join(" ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value)
      .map(([name, entry]) => `${JSON.stringify(name)} ${edn(entry ?? null)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}

export function spelledAs(spelling: Spelling, events: readonly HistoryEvent[]): string {
  return events.map((event) => `${spelling(event)}\n`).join("");
}

/** Texts that mean these events, by how they are spelled: quickly read ones and careful ones. */
export function spellings(events: readonly HistoryEvent[]): { [name: string]: [string, string] } {
  const json = formatJsonl(events);
  const maps = spelledAs(jepsen, events);
  return {
    "our own": ["h.jsonl", json],
    "JSON with spaces": ["h.jsonl", json.replaceAll(/^\{/gm, "{ ")],
    "Jepsen's": ["h.edn", maps],
    "Jepsen's, tagged": ["h.edn", maps.replaceAll(/^/gm, "#jepsen.history.Op").slice(0, -18)],
    "a vector": ["h.edn", `[${maps}]`],
    "EDN with comments": ["h.edn", maps.replaceAll(/^\{/gm, "{#_0 ")],
  };
}

const odd = fc.uniqueArray(
  fc.constantFrom<Json>("a", "a string of some length", -3, 2.5, true, "", 'q"\\', { a: 1 }),
  { maxLength: 4 },
);

const micro = fc.record({
  key: fc.nat(2),
  writes: fc.boolean(),
  shape: fc.constantFrom(
    "prefix",
    "all",
    "all",
    "shuffled",
    "doubled",
    "foreign",
    "null",
    "scalar",
  ),
  length: fc.nat(30),
});

const step = fc.record({
  slot: fc.nat(3),
  micros: fc.array(micro, { maxLength: 4 }),
  outcome: fc.constantFrom<HistoryEvent["type"]>("ok", "ok", "ok", "fail", "info"),
  forgets: fc.boolean(),
  observes: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

export interface TransactionalOptions {
  service?: "append" | "w";
  /** Elements and keys other than integers and short strings. */
  odd?: boolean;
}

/** Well-formed clients, on a database that may return anything. */
export function transactional(options: TransactionalOptions = {}): fc.Arbitrary<HistoryEvent[]> {
  const service = options.service === undefined ? ["append", "w"] : [options.service];
  return fc
    .record({
      steps: fc.array(step, { maxLength: 30 }),
      write: fc.constantFrom(...service),
      keys: fc.constantFrom<Json[]>(
        [0, 1, 2],
        ["x", "y", "z"],
        [10, "x", "a longer key of a table"],
      ),
      oddOnes: options.odd ? odd : fc.constant<Json[]>([]),
    })
    .map(({ steps, write, keys, oddOnes }) =>
      run(steps, write as "append" | "w", keys, [...oddOnes]),
    );
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function run(steps: Step[], write: "append" | "w", keys: Json[], oddOnes: Json[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const lists = new Map<Json, Json[]>(keys.map((key) => [key, []]));
  const open = new Map<number, Json[][]>();
  const processes = [0, 1, 2, 3];
  let written = 0;
  const add = (event: Pick<HistoryEvent, "process" | "type" | "f" | "value">) =>
    events.push({ index: events.length, time: events.length * 10, ...event });
  for (const { slot, micros, outcome, forgets, observes } of steps) {
    if (observes) add({ process: "n1", type: "info", f: "leader", value: [["r", 1, null]] });
    const process = processes[slot]!;
    const invoked = open.get(process);
    if (invoked === undefined) {
      const value = micros.map(({ key, writes }): Json[] => {
        if (!writes) return ["r", keys[key]!, null];
        written += 1;
        return [write, keys[key]!, oddOnes.pop() ?? written];
      });
      open.set(process, value);
      add({ process, type: "invoke", f: "txn", value });
      continue;
    }
    open.delete(process);
    if (outcome === "info") processes[slot] = process + 4;
    const value = invoked.map(([name, key, given], i): Json[] => {
      const list = lists.get(key!)!;
      if (name !== "r") {
        if (outcome !== "fail") list.push(given!);
        return [name!, key!, given!];
      }
      const shape = micros[i % Math.max(1, micros.length)] ?? { shape: "all", length: 1 };
      return ["r", key!, write === "append" ? seen(list, shape) : (list.at(-shape.length) ?? null)];
    });
    add({ process, type: outcome, f: "txn", value: outcome !== "ok" && forgets ? null : value });
  }
  return events;
}

function seen(list: Json[], { shape, length }: { shape: string; length: number }): Json {
  switch (shape) {
    case "prefix":
      return list.slice(0, length % (list.length + 1));
    case "shuffled":
      return [...list].reverse();
    case "doubled":
      return [...list, ...list];
    case "foreign":
      return [...list, 900 + length, "ghost", { x: [length] }];
    case "null":
      return null;
    case "scalar":
      return length % 2 === 0 ? length : { x: length };
    default:
      return [...list];
  }
}
