/**
 * Closed-loop clients of one object, simulated straight into columns: the histories whose verdict is
 * known because of how they are made.
 *
 * Every client asks, waits for the answer, thinks 1..20 ticks and asks again; an operation lasts
 * 10..1009 ticks and takes effect at a uniform moment inside, when the object computes the answer.
 * So a history is linearizable by construction. Lost operations never return; half of them take
 * effect all the same, and their client goes on under a new process number. A violation is made near
 * the end: the clients pause, and one of them runs a few operations alone whose answers contradict
 * each other (or the object lies once by itself, to a client amid the others).
 *
 * One event at a time over `clients` next events: O(operations * clients), no object per operation.
 */

import { type Columns, emptyColumns, NO_KEY, outcomes, PENDING } from "../../histories/columns.js";
import { NULL_ID } from "../../histories/values.js";
import { assert } from "../../src/base/errors.js";
import { mix } from "../../src/random/mix.js";
import { Random } from "../../src/random/random.js";

/** What may become of an operation that never returns. */
export type Fate = "either" | "happens" | "vanishes";

/** A sequential object and what its clients want of it; it fills in the columns. */
export interface Served {
  /** The client asks: sets `f`, `input` and `key`; when `lost`, it will never know the answer. */
  ask(i: number, client: number, lost: boolean): void;
  /** Takes effect: sets `output`, and `outcome` to fail; false when it has to wait for its turn. */
  apply(i: number, client: number): boolean;
  /** The client got its answer. */
  completed?(i: number, client: number): void;
  /** Undefined for an operation that must not be lost. */
  fate(i: number): Fate | undefined;
  /** Whether others would wait for this client for ever if it stopped here. */
  busy?(client: number): boolean;
  /** Steps of the contradiction; each sets `f`, `input`, `output` and `key`. */
  contradiction: readonly ((i: number) => void)[];
}

export interface Setting {
  size: number;
  clients: number;
  /** Operations in a hundred that never return. */
  lostPercent: number;
  violating: boolean;
  seed: number;
}

export type MakeServed = (columns: Columns, setting: Setting, random: Random) => Served;

/** Where the violation belongs: at 99 %, or a little earlier so that it fits. */
export function lateIn({ size, clients }: Setting): number {
  return Math.min(Math.floor(size * 0.99), size - 2 * clients - 20);
}

const phases = { ask: 0, apply: 1, complete: 2 } as const;
const NANOSECONDS_PER_TICK = 1000;

/** The same setting gives the same history. */
export function simulate(make: MakeServed, setting: Setting): Columns {
  const random = new Random([mix(setting.seed, 1), mix(setting.seed, 2), mix(setting.seed, 3)]);
  const columns = emptyColumns(setting.size);
  columns.key.fill(NO_KEY);
  columns.outcome.fill(outcomes.info);
  columns.completed.fill(PENDING);
  columns.completedAt.fill(Infinity);
  const served = make(columns, setting, random);
  new Simulation(columns, served, setting, random).run();
  return columns;
}

class Simulation {
  #now = 0;
  #asked = 0;
  #position = 0;
  #processes: number;
  #paused = false;
  /** From this operation on nobody asks until the contradiction has been acted out. */
  #pauseAt: number;
  /** Per client: when its next event is, which one, and the operation it is about. */
  readonly #at: Float64Array;
  readonly #phase: Uint8Array;
  readonly #operation: Int32Array;
  readonly #process: Int32Array;
  readonly #returnsAt: Float64Array;
  readonly #lost: Uint8Array;
  readonly #vanishes: Uint8Array;

  constructor(
    private readonly columns: Columns,
    private readonly served: Served,
    private readonly setting: Setting,
    private readonly random: Random,
  ) {
    const { clients, violating } = setting;
    this.#processes = clients;
    this.#at = Float64Array.from({ length: clients }, () => random.between(1, 20));
    this.#phase = new Uint8Array(clients);
    this.#operation = new Int32Array(clients);
    this.#process = Int32Array.from({ length: clients }, (_, client) => client);
    this.#returnsAt = new Float64Array(clients);
    this.#lost = new Uint8Array(clients);
    this.#vanishes = new Uint8Array(clients);
    const acted = violating && served.contradiction.length > 0;
    this.#pauseAt = acted ? lateIn(setting) : Infinity;
  }

  run(): void {
    for (;;) {
      const client = this.#earliest();
      if (this.#at[client] === Infinity) {
        if (!this.#paused) break;
        this.#contradict();
        continue;
      }
      this.#now = this.#at[client]!;
      if (this.#phase[client] === phases.ask) this.#ask(client);
      else if (this.#phase[client] === phases.apply) this.#apply(client);
      else this.#complete(client);
    }
    this.columns.eventCount = this.#position;
  }

  #earliest(): number {
    const at = this.#at;
    let first = 0;
    for (let client = 1; client < at.length; client++) if (at[client]! < at[first]!) first = client;
    return first;
  }

  #ask(client: number): void {
    const { served, random, setting } = this;
    const pausing = this.#asked >= this.#pauseAt && !served.busy?.(client);
    if (pausing || this.#asked === setting.size) {
      this.#at[client] = Infinity;
      this.#paused ||= pausing;
      return;
    }
    const i = this.#invoke(client);
    const mayBeLost = random.chance(setting.lostPercent, 100);
    served.ask(i, client, mayBeLost);
    const fate = mayBeLost ? served.fate(i) : undefined;
    this.#lost[client] = fate === undefined ? 0 : 1;
    this.#vanishes[client] =
      fate === "vanishes" || (fate === "either" && random.chance(1, 2)) ? 1 : 0;
    const duration = random.between(10, 1009);
    this.#operation[client] = i;
    this.#returnsAt[client] = this.#now + duration;
    this.#at[client] = this.#now + random.int(duration);
    this.#phase[client] = phases.apply;
  }

  #apply(client: number): void {
    const { served, random, setting } = this;
    if (!this.#vanishes[client] && !served.apply(this.#operation[client]!, client)) {
      const waiting = this.#asked < setting.size;
      this.#at[client] = waiting ? this.#now + random.between(1, 100) : Infinity;
      return;
    }
    this.#at[client] = Math.max(this.#now, this.#returnsAt[client]!);
    this.#phase[client] = phases.complete;
  }

  #complete(client: number): void {
    const i = this.#operation[client]!;
    if (this.#lost[client]) {
      this.columns.outcome[i] = outcomes.info;
      this.columns.output[i] = NULL_ID;
      this.#process[client] = this.#processes++;
    } else {
      this.#return(i);
      this.served.completed?.(i, client);
    }
    this.#at[client] = this.#now + this.random.between(1, 20);
    this.#phase[client] = phases.ask;
  }

  #invoke(client: number): number {
    const i = this.#asked++;
    this.columns.process[i] = this.#process[client]!;
    this.columns.invoked[i] = this.#position++;
    this.columns.invokedAt[i] = this.#now * NANOSECONDS_PER_TICK;
    return i;
  }

  #return(i: number): void {
    const { columns } = this;
    if (columns.outcome[i] !== outcomes.fail) columns.outcome[i] = outcomes.ok;
    columns.completed[i] = this.#position++;
    columns.completedAt[i] = this.#now * NANOSECONDS_PER_TICK;
  }

  /** Nobody has an operation open: the first client acts alone, and then all go on. */
  #contradict(): void {
    const { served, setting } = this;
    this.#paused = false;
    this.#pauseAt = Infinity;
    assert(
      this.#asked + served.contradiction.length <= setting.size,
      `${setting.size} operations are too few for a violation among ${setting.clients} clients`,
    );
    for (const step of served.contradiction) {
      const i = this.#invoke(0);
      step(i);
      this.#now += 10;
      this.#return(i);
    }
    for (let client = 0; client < setting.clients; client++) {
      this.#at[client] = this.#now + this.random.between(1, 20);
    }
  }
}
