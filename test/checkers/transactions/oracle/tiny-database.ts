/**
 * A database of a few transactions, that executes random decisions under one of several regimes.
 *
 *   serial      everything happens at one moment
 *   snapshot    reads from a snapshot (that may be old), first committer wins
 *   prefix      the same, but nobody is refused
 *   parallel    like replica, but who writes a key must have seen all that was written to it
 *   replica     each process sees more and more of the committed transactions, with what these saw
 *   fractured   the same for each transaction, and without what these saw
 *   committed   each read sees what is committed at its moment
 *   none        each read sees what was written, each write is there at once
 *   random      reads return anything that was or will be written
 */

import type { TransactionService } from "../../../../histories/transactions.js";
import type { Json } from "../../../../src/base/json.js";
import type { Tale, TaleMicro, TaleTransaction } from "./tale.js";

export const levels = [
  "serial",
  "snapshot",
  "prefix",
  "parallel",
  "replica",
  "fractured",
  "committed",
  "none",
  "random",
] as const;

/** More of them, and the oracle takes too long. */
export const transactionsMax = 6;

export type Level = (typeof levels)[number];

export interface Decisions {
  level: Level;
  keys: number;
  transactions: readonly {
    process: number;
    micros: readonly { isRead: boolean; key: number; choice: number }[];
    /** In percent: whether it is ok, fails, or nobody knows. */
    fate: number;
    lag: number;
  }[];
  /** Whether a last transaction reads everything. */
  isClosed: boolean;
  /** Whose turn it is: a place among the transactions that can go on. */
  schedule: readonly number[];
}

interface Written {
  by: number;
  key: string;
  value: number;
}

interface Running {
  decided: Decisions["transactions"][number];
  told: TaleTransaction;
  /** Invocation, snapshot, each micro-operation, commit, completion. */
  stage: number;
  snapshot: number;
  /** Numbers of the transactions it sees (replica, fractured). */
  sees: Set<number>;
  isAborted: boolean;
}

export function simulate(service: TransactionService, decided: Decisions): Tale {
  return new TinyDatabase(service, decided).run();
}

class TinyDatabase {
  readonly #service: TransactionService;
  readonly #decided: Decisions;
  readonly #running: Running[];
  readonly #log: Written[] = [];
  readonly #moments: number[] = [];

  constructor(service: TransactionService, decided: Decisions) {
    this.#service = service;
    this.#decided = decided;
    const counts = new Map<string, number>();
    this.#running = decided.transactions.map((transaction) => ({
      decided: transaction,
      told: this.#plan(transaction, counts),
      stage: 0,
      snapshot: 0,
      sees: new Set(),
      isAborted: false,
    }));
  }

  #plan(
    { process, micros, fate, lag }: Running["decided"],
    counts: Map<string, number>,
  ): TaleTransaction {
    const planned = micros.map(({ isRead, key }): TaleMicro => {
      const name = "xyz"[key % this.#decided.keys]!;
      if (isRead) return { f: "r", key: name, value: null };
      const value = (counts.get(name) ?? 0) + 1;
      counts.set(name, value);
      return { f: this.#service === "list-append" ? "append" : "w", key: name, value };
    });
    return { process, outcome: outcomeOf(fate), micros: planned, isTalkative: lag % 2 === 0 };
  }

  run(): Tale {
    for (const choice of this.#decided.schedule) {
      const ready = this.#ready();
      if (ready.length > 0) this.#advance(ready[choice % ready.length]!);
    }
    for (let [next] = this.#ready(); next !== undefined; [next] = this.#ready()) {
      this.#advance(next);
    }
    const transactions = this.#running.map(({ told }) => told);
    if (this.#decided.isClosed) {
      this.#moments.push(transactions.length, transactions.length);
      transactions.push(this.#closing());
    }
    return { service: this.#service, transactions, moments: this.#moments };
  }

  /** The first unfinished transaction of each process. */
  #ready(): number[] {
    const processes = new Set<number>();
    return this.#running.flatMap(({ stage, decided: { process, micros } }, number) => {
      if (stage > micros.length + 3 || processes.has(process)) return [];
      processes.add(process);
      return [number];
    });
  }

  #advance(number: number): void {
    const running = this.#running[number]!;
    const { stage, told } = running;
    const isSerial = this.#decided.level === "serial";
    const micros = told.micros.length;
    running.stage++;
    if (stage === 0) this.#moments.push(number);
    else if (stage === 1) this.#begin(number, running);
    else if (stage < micros + 2 && !isSerial) this.#execute(number, running, stage - 2);
    else if (stage === micros + 2) {
      if (isSerial) {
        this.#begin(number, running);
        for (let at = 0; at < micros; at++) this.#execute(number, running, at);
      }
      this.#commit(number, running);
    } else if (stage === micros + 3) {
      if (running.isAborted) told.outcome = "fail";
      this.#moments.push(number);
    }
  }

  #begin(number: number, running: Running): void {
    const { lag, process } = running.decided;
    const { level } = this.#decided;
    const isReplica = level === "replica" || level === "parallel";
    running.snapshot = this.#log.length;
    if ((level === "snapshot" || level === "prefix") && lag % 3 === 0) {
      const commits = this.#log.flatMap(({ by }, at) => (by === this.#log[at - 1]?.by ? [] : [at]));
      running.snapshot = commits[Math.floor(lag / 3) % commits.length] ?? 0;
    }
    const committed = [...new Set(this.#log.map(({ by }) => by))];
    for (const [place, by] of committed.entries()) {
      if (((lag >> place) & 1) === 0) continue;
      running.sees.add(by);
      if (isReplica) for (const seen of this.#running[by]!.sees) running.sees.add(seen);
    }
    if (!isReplica) return;
    for (const before of this.#running.slice(0, number)) {
      if (before.decided.process !== process) continue;
      running.sees.add(this.#running.indexOf(before));
      for (const seen of before.sees) running.sees.add(seen);
    }
  }

  #execute(number: number, running: Running, at: number): void {
    const micro = running.told.micros[at]!;
    const { key } = micro;
    if (micro.f !== "r") {
      if (this.#decided.level === "none") this.#write(number, micro);
      return;
    }
    const { choice } = running.decided.micros[at]!;
    if (this.#decided.level === "random") {
      micro.value = this.#anything(key, choice);
      return;
    }
    const own = running.told.micros
      .slice(0, at)
      .filter((before) => before.f !== "r" && before.key === key)
      .map(({ value }) => value as number);
    const values = this.#visible(number, running, key);
    micro.value = this.#shown(this.#decided.level === "none" ? values : [...values, ...own]);
  }

  #visible(number: number, running: Running, key: string): number[] {
    const { level } = this.#decided;
    const ofKey = (log: readonly Written[]) => log.filter((written) => written.key === key);
    const isSnapshot = level === "snapshot" || level === "prefix";
    const all = ofKey(isSnapshot ? this.#log.slice(0, running.snapshot) : this.#log);
    if (!["parallel", "replica", "fractured"].includes(level)) return all.map(({ value }) => value);
    const isSeen = ({ by }: Written) => running.sees.has(by) || by === number;
    if (this.#service === "rw-register") return all.filter(isSeen).map(({ value }) => value);
    const end = all.findIndex((written) => !isSeen(written));
    return all.slice(0, end < 0 ? all.length : end).map(({ value }) => value);
  }

  #shown(values: readonly number[]): Json {
    return this.#service === "list-append" ? [...values] : (values.at(-1) ?? null);
  }

  /** A prefix of all that clients write to the key, in an order that is the same for all reads. */
  #anything(key: string, choice: number): Json {
    const all = this.#running
      .flatMap(({ told }) => told.micros.filter((micro) => micro.f !== "r" && micro.key === key))
      .map(({ value }) => value as number);
    const turn = this.#decided.schedule[0] ?? 0;
    const turned = turn % 2 === 0 ? all : all.reverse();
    return this.#shown(turned.slice(0, choice % (turned.length + 1)));
  }

  #commit(number: number, running: Running): void {
    const { level } = this.#decided;
    if (level === "none") return;
    const writes = running.told.micros.filter(({ f }) => f !== "r");
    const unseen = {
      snapshot: this.#log.slice(running.snapshot),
      parallel: this.#log.filter(({ by }) => !running.sees.has(by)),
    };
    const isRefused = level === "snapshot" || level === "parallel";
    running.isAborted =
      isRefused && unseen[level].some(({ key }) => writes.some((micro) => micro.key === key));
    if (running.isAborted || isLost(running.decided.fate)) return;
    for (const micro of writes) this.#write(number, micro);
  }

  #write(by: number, { key, value }: TaleMicro): void {
    this.#log.push({ by, key, value: value as number });
  }

  #closing(): TaleTransaction {
    const micros = [..."xyz"].slice(0, this.#decided.keys).map((key): TaleMicro => {
      const values = this.#log.filter((written) => written.key === key).map(({ value }) => value);
      return { f: "r", key, value: this.#shown(values) };
    });
    return { process: 5, outcome: "ok", micros, isTalkative: false };
  }
}

function outcomeOf(fate: number): TaleTransaction["outcome"] {
  if (fate >= 95) return "info";
  if (fate >= 91) return "pending";
  return fate >= 88 ? "fail" : "ok";
}

/** Whether what it wrote never arrives; one failure in three lies. */
function isLost(fate: number): boolean {
  return (fate >= 89 && fate < 93) || fate >= 98;
}
