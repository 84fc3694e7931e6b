/**
 * Four simulated databases that make transactional histories of any size, the same for a seed:
 *
 *   brat     no concurrency control: each micro-operation acts on the one state at its moment
 *   prefix   snapshots, and commits that nobody refuses: prefix holds, updates get lost
 *   si       snapshots, the first committer wins: strong snapshot isolation, with write skew
 *   ssi      the same with reads treated as writes: strict serializable
 *
 * After history.sim of Jepsen (jepsen-io/history.sim), which does so for lists. `prefix` merges
 * appends on commit, and never reads a list that it appended to in the same transaction: else what
 * it saw of its own would contradict the merged order. O(micro-operations + elements read).
 */

import type { HistoryEvent } from "../../../histories/history.js";
import type { TransactionService } from "../../../histories/transactions.js";
import type { Json } from "../../../src/base/json.js";
import { Random } from "../../../src/random/random.js";

export const databaseKinds = ["brat", "prefix", "si", "ssi"] as const;
export type DatabaseKind = (typeof databaseKinds)[number];

export interface DatabaseOptions {
  kind: DatabaseKind;
  service: TransactionService;
  /** How many are invoked, those that fail included. */
  transactions: number;
  seed: number;
  /** Transactions that run at a time. */
  concurrency?: number;
  /** Keys in use at a time; one that was written often enough gives way to a new one. */
  activeKeys?: number;
  writesPerKey?: number;
  /** A transaction has 1 to so many micro-operations, half of them reads. */
  microsMax?: number;
  /** Of so many transactions one ends without the client knowing whether it happened; 0 for none. */
  infoOneIn?: number;
}

const defaults = {
  concurrency: 20,
  activeKeys: 10,
  writesPerKey: 32,
  microsMax: 7,
  infoOneIn: 200,
};

export function databaseHistory(options: DatabaseOptions): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  simulateDatabase(options, (event) => events.push(event));
  return events;
}

export function simulateDatabase(
  options: DatabaseOptions,
  sink: (event: HistoryEvent) => void,
): void {
  new Database({ ...defaults, ...options }, sink).run();
}

interface KeyState {
  name: number;
  /** All that was written, and the number of the commit that did. */
  values: number[];
  commits: number[];
  /** Writes that clients planned. */
  planned: number;
}

interface Micro {
  isRead: boolean;
  key: KeyState;
  /** What is written, or the result. */
  value: Json;
}

interface Session {
  process: number;
  /** Undefined between transactions. */
  micros: Micro[] | undefined;
  /** Snapshot, micro-operations (each at its moment for a brat), commit, completion. */
  stage: number;
  snapshot: number;
  type: "ok" | "fail" | "info";
}

class Database {
  readonly #options: Required<DatabaseOptions>;
  readonly #sink: (event: HistoryEvent) => void;
  readonly #random: Random;
  readonly #keys: KeyState[];
  readonly #sessions: Session[];
  #keyCount = 0;
  #invoked = 0;
  #eventCount = 0;
  #commitCount = 0;

  constructor(options: Required<DatabaseOptions>, sink: (event: HistoryEvent) => void) {
    this.#options = options;
    this.#sink = sink;
    this.#random = new Random([options.seed, 0x5eed, 0xda7a]);
    this.#keys = Array.from({ length: options.activeKeys }, () => this.#newKey());
    this.#sessions = Array.from({ length: options.concurrency }, (_, process) => ({
      process,
      micros: undefined,
      stage: 0,
      snapshot: 0,
      type: "ok",
    }));
  }

  run(): void {
    const { transactions } = this.#options;
    let running = 0;
    while (this.#invoked < transactions || running > 0) {
      const session = this.#random.pick(this.#sessions);
      if (session.micros !== undefined) {
        this.#advance(session, session.micros);
        if (session.micros === undefined) running--;
      } else if (this.#invoked < transactions) {
        this.#invoke(session);
        running++;
      }
    }
  }

  #newKey(): KeyState {
    return { name: this.#keyCount++, values: [], commits: [], planned: 0 };
  }

  #invoke(session: Session): void {
    this.#invoked++;
    session.micros = this.#plan();
    session.stage = 0;
    session.type = "ok";
    this.#record(session, "invoke");
  }

  #plan(): Micro[] {
    const { microsMax, activeKeys, writesPerKey, kind, service } = this.#options;
    const micros: Micro[] = [];
    for (let left = this.#random.between(1, microsMax); left > 0; left--) {
      const place = this.#random.int(activeKeys);
      const key = this.#keys[place]!;
      const isMerged = kind === "prefix" && service === "list-append" && isWritten(micros, key);
      const isRead = this.#random.chance(1, 2) && !isMerged;
      micros.push({ isRead, key, value: isRead ? null : ++key.planned });
      if (key.planned >= writesPerKey) this.#keys[place] = this.#newKey();
    }
    return micros;
  }

  #advance(session: Session, micros: Micro[]): void {
    const isBrat = this.#options.kind === "brat";
    const stage = session.stage++;
    if (isBrat && stage < micros.length) this.#act(micros[stage]!);
    else if (stage === 0) session.snapshot = this.#commitCount;
    else if (!isBrat && stage === 1) this.#commit(session, micros);
    else this.#complete(session);
  }

  /** Without any control: for all to see at once. */
  #act(micro: Micro): void {
    const { key } = micro;
    if (micro.isRead) micro.value = this.#shown(key.values, key.values.length, []);
    else this.#write(micro);
  }

  #commit(session: Session, micros: readonly Micro[]): void {
    const { kind } = this.#options;
    for (const [at, micro] of micros.entries()) {
      if (micro.isRead) micro.value = this.#read(micro.key, session.snapshot, micros.slice(0, at));
    }
    const counts = ({ isRead }: Micro) => !isRead || kind === "ssi";
    const isLate = ({ key }: Micro) => (key.commits.at(-1) ?? 0) > session.snapshot;
    if (kind !== "prefix" && micros.some((micro) => counts(micro) && isLate(micro))) {
      session.type = "fail";
      return;
    }
    if (this.#isUnlucky()) {
      session.type = "info";
      if (this.#random.chance(1, 2)) return;
    }
    this.#commitCount++;
    for (const micro of micros) if (!micro.isRead) this.#write(micro);
  }

  #read(key: KeyState, snapshot: number, before: readonly Micro[]): Json {
    let end = key.values.length;
    while (end > 0 && key.commits[end - 1]! > snapshot) end--;
    const own = before.filter((micro) => !micro.isRead && micro.key === key);
    return this.#shown(
      key.values,
      end,
      own.map(({ value }) => value as number),
    );
  }

  #shown(values: readonly number[], end: number, own: readonly number[]): Json {
    if (this.#options.service === "list-append") return [...values.slice(0, end), ...own];
    return own.at(-1) ?? values[end - 1] ?? null;
  }

  #write({ key, value }: Micro): void {
    key.values.push(value as number);
    key.commits.push(this.#commitCount);
  }

  #complete(session: Session): void {
    if (this.#options.kind === "brat" && this.#isUnlucky()) session.type = "info";
    this.#record(session, session.type);
    if (session.type === "info") session.process += this.#options.concurrency;
    session.micros = undefined;
  }

  #isUnlucky(): boolean {
    const { infoOneIn } = this.#options;
    return infoOneIn > 0 && this.#random.chance(1, infoOneIn);
  }

  #record({ process, micros }: Session, type: HistoryEvent["type"]): void {
    const write = this.#options.service === "list-append" ? "append" : "w";
    const value = micros!.map(({ isRead, key, value }): Json[] => [
      isRead ? "r" : write,
      key.name,
      isRead && type !== "ok" ? null : value,
    ]);
    const index = this.#eventCount++;
    this.#sink({ index, time: index * 1000, process, type, f: "txn", value });
  }
}

function isWritten(micros: readonly Micro[], key: KeyState): boolean {
  return micros.some((micro) => !micro.isRead && micro.key === key);
}
