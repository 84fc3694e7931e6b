/**
 * Replays the witness of a positive verdict on a store-buffer machine, and believes nothing: every
 * access must be issued once, in its session's order, every buffered write must reach the memory, and
 * every read must find the value of its source. Knows nothing of how the order was found. O(n).
 */

import { type Accesses, INITIAL, isRead, isWrite, kinds } from "./accesses.js";
import type { MachineOrder } from "./decision.js";

export type Machine = "sequential" | "tso" | "pso";

/** What is wrong with the order as an explanation of the accesses; undefined when it is one. */
export function replayFault(
  accesses: Accesses,
  machine: Machine,
  order: MachineOrder,
): string | undefined {
  const replay = new Replay(accesses, machine);
  for (const event of order) {
    const access = event >> 1;
    if (!(access >= 0 && access < accesses.size)) return `there is no access ${access}`;
    const fault = (event & 1) === 0 ? replay.issue(access) : replay.flush(access);
    if (fault !== undefined) return `access ${access}: ${fault}`;
  }
  return replay.unfinished();
}

class Replay {
  /** Per key the write whose value the memory holds. */
  readonly #memory: Int32Array;
  /** Per session the next access to be issued. */
  readonly #next: Int32Array;
  /** Per session its buffered writes, oldest first. */
  readonly #buffers: number[][];

  constructor(
    private readonly accesses: Accesses,
    private readonly machine: Machine,
  ) {
    this.#memory = new Int32Array(accesses.keys).fill(INITIAL);
    this.#next = accesses.starts.slice(0, accesses.sessions);
    this.#buffers = Array.from({ length: accesses.sessions }, () => []);
  }

  issue(access: number): string | undefined {
    const { session, kind, key, source } = this.accesses;
    const own = session[access]!;
    if (this.#next[own] !== access) return "issued out of the order of its session";
    this.#next[own] = access + 1;
    const buffer = this.#buffers[own]!;
    const isBarrier = kind[access] === kinds.update || kind[access] === kinds.fence;
    if (isBarrier && buffer.length > 0) return "a barrier acted before the writes behind it";
    if (isRead(kind[access]!) && this.#visible(access) !== source[access]) {
      return `read access ${source[access]}, but access ${this.#visible(access)} was there`;
    }
    if (kind[access] === kinds.update) this.#memory[key[access]!] = access;
    else if (kind[access] === kinds.write) {
      if (this.machine === "sequential") this.#memory[key[access]!] = access;
      else buffer.push(access);
    }
    return undefined;
  }

  flush(access: number): string | undefined {
    const { session, key } = this.accesses;
    const buffer = this.#buffers[session[access]!]!;
    const place = buffer.indexOf(access);
    if (place < 0) return "not in its buffer";
    const overtaken = buffer.slice(0, place);
    const isBound = (other: number): boolean =>
      this.machine === "tso" || key[other] === key[access];
    if (overtaken.some(isBound)) return "overtook an older write in its buffer";
    buffer.splice(place, 1);
    this.#memory[key[access]!] = access;
    return undefined;
  }

  unfinished(): string | undefined {
    const { starts, sessions } = this.accesses;
    for (let own = 0; own < sessions; own++) {
      if (this.#next[own] !== starts[own + 1]) return `access ${this.#next[own]} was never issued`;
      if (this.#buffers[own]!.length > 0) return `access ${this.#buffers[own]![0]} never arrived`;
    }
    return undefined;
  }

  /** What a read of the access' key finds: the newest in its session's buffer, or the memory. */
  #visible(access: number): number {
    const { session, key } = this.accesses;
    const own = this.#buffers[session[access]!]!.findLast((it) => key[it] === key[access]);
    return own ?? this.#memory[key[access]!]!;
  }
}

/** Whether an access' writes go through a buffer on this machine. */
export function isBuffered({ kind }: Accesses, machine: Machine, access: number): boolean {
  return machine !== "sequential" && isWrite(kind[access]!) && kind[access] === kinds.write;
}
