/**
 * Random transactional histories for fast-check, well formed, of at most six transactions.
 *
 * Some tell what a small database did (`tiny-database.ts`) at some isolation level, so that many are
 * valid up to some model; some are that, spoiled by one to three mutations (`mutations.ts`); some
 * are textbook anomalies (`shapes.ts`), spoiled or not.
 */

import fc from "fast-check";
import type { HistoryEvent } from "../../../../histories/history.js";
import type { TransactionService } from "../../../../histories/transactions.js";
import type { Json } from "../../../../src/base/json.js";
import { renumbered } from "../../oracle/notation.js";
import { eventsOf } from "../notation.js";
import { mutations } from "./mutations.js";
import { shapes } from "./shapes.js";
import { type Tale, type TaleMicro, taleOf } from "./tale.js";
import { type Decisions, levels, simulate, transactionsMax } from "./tiny-database.js";

export interface RandomTransactions {
  service: TransactionService;
  events: HistoryEvent[];
  toString(): string;
}

export function anyTransactions(service: TransactionService): fc.Arbitrary<RandomTransactions> {
  const honest = decisions.map((decided) => simulate(service, decided));
  const shape = fc.constantFrom(...shapes[service]).map((text) => {
    return taleOf(service, eventsOf(text, { service }));
  });
  return fc
    .oneof(
      { weight: 2, arbitrary: honest },
      { weight: 3, arbitrary: spoiled(honest, { minLength: 1, maxLength: 3 }) },
      { weight: 2, arbitrary: spoiled(shape, { maxLength: 3 }) },
    )
    .map(tell);
}

function spoiled(
  tales: fc.Arbitrary<Tale>,
  times: { minLength?: number; maxLength: number },
): fc.Arbitrary<Tale> {
  const spoils = fc.array(fc.tuple(fc.nat(99), fc.nat(999)), times);
  return fc
    .tuple(tales, spoils)
    .map(([tale, chosen]) =>
      chosen.reduce(
        (before, [which, pick]) => mutations[which % mutations.length]!.apply(before, pick),
        tale,
      ),
    );
}

const micro = fc.record({
  isRead: fc.nat(99).map((percent) => percent < 55),
  key: fc.nat(99),
  choice: fc.nat(999),
});

const decisions: fc.Arbitrary<Decisions> = fc.noBias(
  fc.record({
    level: fc.constantFrom(...levels, "parallel", "parallel", "replica"),
    keys: fc.integer({ min: 1, max: 3 }),
    transactions: fc
      .array(
        fc.record({
          process: fc.nat(3),
          micros: fc.array(micro, { minLength: 1, maxLength: 4, size: "max" }),
          fate: fc.nat(99),
          lag: fc.nat(999),
        }),
        { minLength: 1, maxLength: 2 * transactionsMax, size: "max" },
      )
      .map((some) => some.slice(0, transactionsMax - 1)),
    isClosed: fc.boolean(),
    schedule: fc.array(fc.nat(5), { maxLength: 50, size: "max" }),
  }),
);

/** A process that is busy or has crashed sends another one. */
export function tell({ service, transactions, moments }: Tale): RandomTransactions {
  const events: HistoryEvent[] = [];
  const senders = new Map<number, number>();
  const unavailable = new Set<number>();
  for (const number of moments) {
    const { outcome, process, micros, isTalkative } = transactions[number]!;
    const sender = senders.get(number);
    if (sender === undefined) {
      let free = process;
      while (unavailable.has(free)) free += 10;
      senders.set(number, free);
      unavailable.add(free);
      events.push(eventOf(free, "invoke", micros, false));
    } else if (outcome !== "pending") {
      if (outcome !== "info") unavailable.delete(sender);
      events.push(eventOf(sender, outcome, micros, outcome === "ok" || isTalkative));
    }
  }
  const numbered = renumbered(events);
  return { service, events: numbered, toString: () => `${service}\n${formatEvents(numbered)}` };
}

function eventOf(
  process: number,
  type: HistoryEvent["type"],
  micros: readonly TaleMicro[],
  tellsReads: boolean,
): HistoryEvent {
  const value = micros.map(({ f, key, value }) => [
    f,
    key,
    f === "r" && !tellsReads ? null : value,
  ]);
  return { index: 0, time: 0, process, type, f: "txn", value };
}

/** One event a line: `0 ok ax1 rx[1 2]`. */
export function formatEvents(events: readonly HistoryEvent[]): string {
  return events
    .map(({ process, type, value }) => {
      const micros = (value as [string, Json, Json][]).map(
        ([f, key, result]) => `${f === "append" ? "a" : f}${key}${formatResult(result)}`,
      );
      return `${process} ${type} ${micros.join(" ")}\n`;
    })
    .join("");
}

function formatResult(result: Json): string {
  if (result === null) return "_";
  return Array.isArray(result) ? `[${result.join(" ")}]` : String(result);
}
