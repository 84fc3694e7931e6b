/**
 * Jobs and their effects: each submitted job is accounted for, as often as the queue promises.
 *
 * `submit` of a job, unique; `effects-of` a job, how many there are; a final `effects`, answered when nothing
 * is left to do: `{effects, news?}`, each a list of `[job, producer, sequence]` in the order in which it
 * happened, `news` where effects are told of elsewhere. The last one that was answered is the account; none,
 * and nothing is known of losses. Nodes record what they do with a job: `f: "job"`, `value: {event: "taken" |
 * "processed", id, producer, attempt}` around the work, `{event: "dropped", id, as}` when it is taken for one
 * that is there.
 *
 * - lost-job, dropped-as-duplicate: acknowledged to a client, and not in the account;
 * - duplicate-effect: twice in it, or seen twice; phantom-job: in it, and nobody can have submitted it;
 * - vanished-effect: seen by a client before, and not in the account;
 * - reordered-jobs: of one producer, a later number took effect before an earlier one;
 * - lost-news, duplicate-news: effects and what was told of them differ;
 * - concurrent-processing: two attempts were both brought to an end, each begun before the other ended. Work
 *   that is given up half-way is nothing: only leases that end in time can promise that.
 *
 * `at-least-once` allows duplicates; `at-most-once` losses, and with these any order. O(n log n).
 */

import type { History, HistoryEvent, Operation } from "../histories/history.js";
import { EventError } from "../src/base/errors.js";
import { isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { identity } from "./identity.js";

export type JobPromise = "exactly-once" | "at-least-once" | "at-most-once";

export function jobAccountingWith({ promise }: { promise: JobPromise }): Checker {
  return {
    name: "job-accounting",
    summary: "each job that was submitted takes effect once, in the order of its producer",
    anomalies: {
      "lost-job": "an acknowledged job has no effect, though the queue has run empty",
      "dropped-as-duplicate":
        "an acknowledged job was thrown away, as another one had been given its number",
      "duplicate-effect": "a job took effect more than once",
      "phantom-job": "a job took effect that nobody can have submitted",
      "vanished-effect": "an effect that a client had seen is not there in the end",
      "reordered-jobs": "jobs of one producer took effect in another order than it sent them",
      "lost-news": "a job took effect, and nobody was told of it",
      "duplicate-news": "an effect was told of more often than it happened",
      "concurrent-processing": "two consumers worked on a job at the same time, both to the end",
    },
    check: (history) => new Account(history, promise).verdict(),
  };
}

export const jobAccounting = jobAccountingWith({ promise: "exactly-once" });

/** By what a job is known. */
type Name = ReturnType<typeof identity>;

interface Row {
  job: Json;
  producer: string;
  sequence: number;
}

class Account {
  readonly #findings = new Findings();
  readonly #promise: JobPromise;
  readonly #history: History;
  readonly #submits = new Map<Name, Operation[]>();

  constructor(history: History, promise: JobPromise) {
    this.#history = history;
    this.#promise = promise;
    for (const operation of history.operations) {
      if (operation.f !== "submit") continue;
      const name = identity(operation.input);
      this.#submits.set(name, [...(this.#submits.get(name) ?? []), operation]);
    }
  }

  verdict(): Verdict {
    const last = this.#history.operations.findLast(
      ({ f, final, outcome }) => f === "effects" && final && outcome === "ok",
    );
    this.#overlaps();
    const seen = this.#seen();
    const submits = [...this.#submits.values()].flat();
    const notes = {
      submitted: submits.length,
      acknowledged: submits.filter(({ outcome }) => outcome === "ok").length,
    };
    if (last === undefined) return this.#findings.verdict(notes, "no final account of the effects");
    const rows = rowsOf(last, "effects");
    const counts = countsOf(rows);
    this.#losses(counts, last);
    this.#excess(rows, counts, last);
    if (this.#promise !== "at-most-once") this.#order(rows, last);
    for (const [name, look] of seen) {
      if (counts.has(name) || look.invoked > last.invoked) continue;
      this.#findings.add("vanished-effect", () => ({
        message: `${who(look)} saw that job ${show(look.key)} had taken effect, and in the end it has not`,
        ops: [this.#index(look), this.#index(last)],
      }));
    }
    if (isJsonObject(last.output) && last.output["news"] !== undefined) {
      this.#news(counts, countsOf(rowsOf(last, "news")), last);
    }
    const repeated = rows.length - counts.size;
    return this.#findings.verdict({ ...notes, effects: counts.size, repeated });
  }

  /** By job, a client that saw an effect of it. */
  #seen(): Map<Name, Operation> {
    const seen = new Map<Name, Operation>();
    for (const look of this.#history.operations) {
      if (look.f !== "effects-of" || look.outcome !== "ok" || Number(look.output) < 1) continue;
      seen.set(identity(look.key ?? null), look);
      if (Number(look.output) === 1 || this.#promise === "at-least-once") continue;
      this.#findings.add("duplicate-effect", () => ({
        message: `${who(look)} saw that job ${show(look.key)} had taken effect ${Number(look.output)} times`,
        ops: [this.#index(look)],
      }));
    }
    return seen;
  }

  #losses(counts: ReadonlyMap<Name, number>, last: Operation): void {
    const dropped = new Map<Name, HistoryEvent>();
    for (const event of this.#history.observations) {
      const { f, value } = event;
      if (f !== "job" || !isJsonObject(value) || value["event"] !== "dropped") continue;
      const { id = null, as = null } = value;
      if (identity(id) !== identity(as)) dropped.set(identity(id), event);
    }
    for (const [name, submits] of this.#submits) {
      const told = submits.find(({ outcome, completed }) => {
        return outcome === "ok" && completed < last.invoked;
      });
      if (told === undefined || counts.has(name)) continue;
      const drop = dropped.get(name);
      const job = `job ${show(told.input)}, acknowledged to ${who(told)},`;
      if (drop !== undefined && isJsonObject(drop.value)) {
        const { as } = drop.value;
        this.#findings.add("dropped-as-duplicate", () => ({
          message: `${job} was taken for job ${show(as)}, which had its number, and thrown away`,
          ops: [this.#index(told), drop.index, this.#index(last)],
        }));
      } else if (this.#promise !== "at-most-once") {
        this.#findings.add("lost-job", () => ({
          message: `${job} has no effect, though nothing is left to do`,
          ops: [this.#index(told), this.#index(last)],
        }));
      }
    }
  }

  #excess(rows: readonly Row[], counts: ReadonlyMap<Name, number>, last: Operation): void {
    const jobs = new Map(rows.map(({ job }) => [identity(job), job]));
    for (const [name, job] of jobs) {
      const submits = this.#submits.get(name) ?? [];
      const first = submits.find(({ outcome }) => outcome !== "fail");
      const ops = [...submits, last].map((operation) => this.#index(operation));
      if (first === undefined || first.invoked > last.completed) {
        const why = submits.length === 0 ? "which nobody submitted" : "whose submission had failed";
        const message = `job ${show(job)}, ${why}, took effect`;
        this.#findings.add("phantom-job", () => ({ message, ops }));
      } else if (this.#promise !== "at-least-once" && counts.get(name)! > 1) {
        const message = `job ${show(job)} took effect ${counts.get(name)} times`;
        this.#findings.add("duplicate-effect", () => ({ message, ops }));
      }
    }
  }

  /** What counts is when a job took effect first. */
  #order(rows: readonly Row[], last: Operation): void {
    const done = new Set<Name>();
    const latest = new Map<string, Row>();
    for (const row of rows) {
      const { job, producer, sequence } = row;
      if (done.has(identity(job))) continue;
      done.add(identity(job));
      const before = latest.get(producer);
      if (before === undefined || before.sequence < sequence) latest.set(producer, row);
      else {
        const submits = [before, row].flatMap(({ job: name }) => {
          return this.#submits.get(identity(name))?.slice(0, 1) ?? [];
        });
        this.#findings.add("reordered-jobs", () => ({
          message: `job ${show(before.job)}, number ${before.sequence} of ${producer}, took effect before job ${show(job)}, number ${sequence}`,
          ops: [...submits, last].map((operation) => this.#index(operation)),
        }));
      }
    }
  }

  #news(
    effects: ReadonlyMap<Name, number>,
    news: ReadonlyMap<Name, number>,
    last: Operation,
  ): void {
    for (const name of new Set([...effects.keys(), ...news.keys()])) {
      const [happened, told] = [effects.get(name) ?? 0, news.get(name) ?? 0];
      if (happened === told) continue;
      this.#findings.add(told < happened ? "lost-news" : "duplicate-news", () => ({
        message: `job ${name} took effect ${happened} times, and was told of ${told} times`,
        ops: [this.#index(last)],
      }));
    }
  }

  #overlaps(): void {
    /** By producer and job, its attempts that came to an end. */
    const ended = new Map<Name, { taken: HistoryEvent; processed: HistoryEvent }[]>();
    const taken = new Map<Name, HistoryEvent>();
    for (const event of this.#history.observations) {
      if (event.f !== "job" || !isJsonObject(event.value)) continue;
      const { event: kind, id = null, producer = null, attempt = null } = event.value;
      const name = identity([producer, id]);
      const attemptName = identity([event.process, producer, id, attempt]);
      if (kind === "taken") taken.set(attemptName, event);
      const start = taken.get(attemptName);
      if (kind !== "processed" || start === undefined) continue;
      const others = ended.get(name) ?? [];
      ended.set(name, [...others, { taken: start, processed: event }]);
      const overlapping = others.find(({ processed }) => processed.index > start.index);
      if (overlapping === undefined) continue;
      this.#findings.add("concurrent-processing", () => ({
        message: `${overlapping.taken.process} and ${event.process} worked on job ${show(id)} at the same time, both to the end`,
        ops: [overlapping.taken.index, start.index, overlapping.processed.index, event.index],
      }));
    }
  }

  #index({ invoked }: Operation): number {
    return this.#history.events[invoked]?.index ?? invoked;
  }
}

/** @throws EventError where the reply is no such list. */
function rowsOf({ output, completed }: Operation, name: "effects" | "news"): Row[] {
  const rows = isJsonObject(output) ? output[name] : undefined;
  const bad = (): never => {
    throw new EventError(completed, `${name} is no list of [job, producer, sequence]: write it so`);
  };
  if (!Array.isArray(rows)) return bad();
  return rows.map((row): Row => {
    if (!Array.isArray(row) || typeof row[2] !== "number") return bad();
    return { job: row[0] ?? null, producer: String(row[1]), sequence: row[2] };
  });
}

function countsOf(rows: readonly Row[]): Map<Name, number> {
  const counts = new Map<Name, number>();
  for (const { job } of rows) counts.set(identity(job), (counts.get(identity(job)) ?? 0) + 1);
  return counts;
}
