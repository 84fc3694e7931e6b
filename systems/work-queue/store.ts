/**
 * The store of effects: one row a job, which says both what was done and that it was done. As they are one
 * write, a crash leaves both or neither, and a job that comes again finds its row (an idempotent receiver,
 * Hohpe and Woolf 2003; Kafka's transactions, KIP-98, write effect and offset together for the same reason).
 *
 * Rows are never forgotten: a job may come again as long as the broker has it. A store that promises less
 * (`at-least-once`) adds a row each time.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { type Job, jobOf } from "./job.js";
import type { WorkQueueProbe } from "./probes.js";

/** A store that forgets remembers a job for so long: less than a consumer that died is waited for. */
const WINDOW_MS = 150;

export type Row = [id: string, producer: string, sequence: number];

export class Store {
  readonly rows: Row[] = [];
  readonly #context: NodeContext;
  readonly #once: boolean;
  /** Of each job: how many rows, and since when there is one. */
  readonly #known = new Map<string, { count: number; sinceMs: number }>();
  /** Where rows and the notes of what is done are two things. */
  readonly #noted = new Set<string>();

  constructor(context: NodeContext) {
    this.#context = context;
    this.#once = context.options["mode"] !== "at-least-once";
    for (const row of context.disk.records("rows")) this.#take(row as Row);
    for (const id of context.disk.records("notes")) this.#noted.add(String(id));
  }

  async receive(body: JsonObject): Promise<JsonObject> {
    const { disk } = this.#context;
    const job = jobOf(body);
    switch (body["type"]) {
      case "apply":
        if (this.#once && this.#remembers(job.id)) {
          this.#probe("an effect was asked for again, and was there");
        } else this.#add(job);
        break;
      case "apply-unasked":
        this.#add(job);
        break;
      case "note":
        this.#noted.add(job.id);
        disk.append("notes", job.id);
        break;
    }
    const answer = this.#answer(String(body["type"]), job.id);
    // Whatever is told, of this call or of earlier ones, is durable.
    await disk.fsync();
    return answer;
  }

  #answer(type: string, id: string): JsonObject {
    switch (type) {
      case "seen":
        return { type: "seen_ok", seen: this.#noted.has(id) };
      case "count":
        return { type: "count_ok", count: this.#known.get(id)?.count ?? 0 };
      case "rows":
        return { type: "rows_ok", rows: [...this.rows] };
      default:
        return { type: "stored" };
    }
  }

  #remembers(id: string): boolean {
    const known = this.#known.get(id);
    if (known === undefined) return false;
    if (!this.#context.bugs.has("window-below-retry")) return true;
    return this.#context.clock.monotonicMs() - known.sinceMs < WINDOW_MS;
  }

  #add({ id, producer, sequence }: Job): void {
    const row: Row = [id, producer, sequence];
    this.#context.disk.append("rows", row);
    this.#take(row);
  }

  #take(row: Row): void {
    this.rows.push(row);
    const { count = 0 } = this.#known.get(row[0]) ?? {};
    this.#known.set(row[0], { count: count + 1, sinceMs: this.#context.clock.monotonicMs() });
  }

  #probe(name: WorkQueueProbe): void {
    this.#context.probe(name);
  }
}
