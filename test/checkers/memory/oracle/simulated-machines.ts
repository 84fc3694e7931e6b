/**
 * Machines that run a program in one random way and tell what it saw: they give the comparisons
 * histories that hold, or nearly do, of every model.
 *
 * `sequential`, `tso` and `pso` have one memory, with no buffer, one, or one per key before it. The
 * others have a replica per session, to which the writes of others come in the order of their session
 * (`pram`), after all that their writer had seen (`causal`), or so and with the last writer winning by
 * a logical clock (`convergent`).
 */

import { type Decide, type Instruction, leaves, looks, type Observed } from "./programs.js";

export const machineNames = ["sequential", "tso", "pso", "pram", "causal", "convergent"] as const;
export type MachineName = (typeof machineNames)[number];

export function observe(
  machine: MachineName,
  program: readonly Instruction[],
  patience: number,
  decide: Decide,
): Observed {
  const observed: Observed = program.map(() => undefined);
  const sessions = [...new Set(program.map(({ session }) => session))];
  const places = sessions.map((session) =>
    program.flatMap((instruction, at) => (instruction.session === session ? [at] : [])),
  );
  const run =
    machine === "sequential" || machine === "tso" || machine === "pso"
      ? new Buffers(machine, sessions.length)
      : new Replicas(machine, sessions.length);
  for (;;) {
    const ready = places.flatMap((own, s) => (own.length > 0 ? [s] : []));
    if (ready.length === 0) return observed;
    if (decide(patience) === 0) {
      run.progress(decide);
      continue;
    }
    const s = ready[decide(ready.length)]!;
    const at = places[s]!.shift()!;
    const instruction = program[at]!;
    const isLost = instruction.outcome === "info" && decide(2) === 0;
    const isBarrier = instruction.f !== "read" && instruction.f !== "write";
    if (isBarrier) run.fence(s);
    if (looks(instruction)) observed[at] = run.read(s, instruction.key);
    if (leaves(instruction) && !isLost) run.write(s, instruction.key, instruction.left);
    if (isBarrier) run.fence(s);
  }
}

interface Run {
  read(session: number, key: string): number;
  write(session: number, key: string, value: number): void;
  /** Something that was under way arrives. */
  progress(decide: Decide): void;
  fence(session: number): void;
}

class Buffers implements Run {
  readonly #memory = new Map<string, number>();
  readonly #queues: { session: number; key: string; value: number }[] = [];

  constructor(
    private readonly machine: "sequential" | "tso" | "pso",
    private readonly sessions: number,
  ) {}

  read(session: number, key: string): number {
    const own = this.#queues.findLast((entry) => entry.session === session && entry.key === key);
    return own?.value ?? this.#memory.get(key) ?? 0;
  }

  write(session: number, key: string, value: number): void {
    this.#queues.push({ session, key, value });
    if (this.machine === "sequential") this.fence(session);
  }

  progress(decide: Decide): void {
    const session = decide(this.sessions);
    const own = this.#queues.filter((entry) => entry.session === session);
    const keys = [...new Set(own.map(({ key }) => key))];
    if (keys.length === 0) return;
    const key = keys[decide(keys.length)];
    this.#flush(this.machine === "tso" ? own[0]! : own.find((entry) => entry.key === key)!);
  }

  fence(session: number): void {
    for (const entry of this.#queues.filter((other) => other.session === session)) {
      this.#flush(entry);
    }
  }

  #flush(entry: { session: number; key: string; value: number }): void {
    this.#queues.splice(this.#queues.indexOf(entry), 1);
    this.#memory.set(entry.key, entry.value);
  }
}

interface Update {
  session: number;
  /** Ordinal within its session, from 1. */
  ordinal: number;
  key: string;
  value: number;
  /** Per session, how many of its writes its writer had seen. */
  seen: readonly number[];
  clock: number;
}

interface Replica {
  held: Map<string, Update>;
  seen: number[];
  clock: number;
}

class Replicas implements Run {
  readonly #replicas: Replica[];
  readonly #sent: Update[] = [];

  constructor(
    private readonly machine: "pram" | "causal" | "convergent",
    sessions: number,
  ) {
    this.#replicas = Array.from({ length: sessions }, () => ({
      held: new Map<string, Update>(),
      seen: new Array<number>(sessions).fill(0),
      clock: 0,
    }));
  }

  read(session: number, key: string): number {
    return this.#replicas[session]!.held.get(key)?.value ?? 0;
  }

  write(session: number, key: string, value: number): void {
    const own = this.#replicas[session]!;
    const update = {
      session,
      ordinal: own.seen[session]! + 1,
      key,
      value,
      seen: [...own.seen],
      clock: own.clock + 1,
    };
    this.#sent.push(update);
    this.#apply(own, update);
  }

  progress(decide: Decide): void {
    const replica = this.#replicas[decide(this.#replicas.length)]!;
    const ready = this.#sent.filter(({ session, ordinal, seen }) => {
      if (replica.seen[session] !== ordinal - 1) return false;
      return this.machine === "pram" || seen.every((count, s) => count <= replica.seen[s]!);
    });
    if (ready.length > 0) this.#apply(replica, ready[decide(ready.length)]!);
  }

  fence(): void {}

  #apply(replica: Replica, update: Update): void {
    replica.seen[update.session] = update.ordinal;
    replica.clock = Math.max(replica.clock, update.clock);
    const held = replica.held.get(update.key);
    const isOlder =
      held !== undefined &&
      (update.clock < held.clock || (update.clock === held.clock && update.session < held.session));
    if (this.machine !== "convergent" || !isOlder) replica.held.set(update.key, update);
  }
}
