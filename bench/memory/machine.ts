/**
 * Histories of a simulated machine: one memory, and for tso and pso store buffers that are flushed at
 * random, some sessions' for long times hardly ever. Which access a read took its value from is
 * recorded, not looked for. An operation completes some time after it acted, so that completions are a
 * hint to the order and no more.
 */

import {
  type Accesses,
  INITIAL,
  isWrite,
  kinds,
  NO_LOCATION,
} from "../../checkers/memory/accesses.js";
import type { Random } from "../../src/random/random.js";

export interface MachineSetting {
  machine: "sequential" | "tso" | "pso";
  sessions: number;
  /** Accesses in total. */
  size: number;
  keys: number;
  /** Shares of all accesses in thousandths; the rest are reads. */
  writePermille: number;
  updatePermille?: number;
  fencePermille?: number;
}

interface Issued {
  kind: number;
  key: number;
  source: number;
  completed: number;
  session: number;
}

/** O(size * sessions). */
export function machineHistory(setting: MachineSetting, random: Random): Accesses {
  const machine = new Machine(setting, random);
  while (machine.issued.length < setting.size) machine.step();
  return accessesOf(machine.issued, setting);
}

/** A copy in which one read took its value from another write of its key, or from none. */
export function withOneReadChanged(accesses: Accesses, random: Random): Accesses {
  const reads: number[] = [];
  const writes: number[][] = Array.from({ length: accesses.keys }, () => []);
  for (let access = 0; access < accesses.size; access++) {
    if (accesses.kind[access] === kinds.read) reads.push(access);
    if (isWrite(accesses.kind[access]!)) writes[accesses.key[access]!]!.push(access);
  }
  const source = accesses.source.slice();
  if (reads.length > 0) {
    const read = random.pick(reads);
    const others = [INITIAL, ...writes[accesses.key[read]!]!].filter((at) => at !== source[read]);
    if (others.length > 0) source[read] = random.pick(others);
  }
  return { ...accesses, source };
}

class Machine {
  readonly issued: Issued[] = [];
  readonly #setting: MachineSetting;
  readonly #random: Random;
  readonly #memory: Int32Array;
  /** By session the writes that did not reach the memory, oldest first. */
  readonly #buffers: number[][];
  /** Sessions whose buffers are hardly ever flushed at present. */
  readonly #slow: Uint8Array;
  /** By session its last access, until it completed. */
  readonly #running: (number | undefined)[];
  #time = 0;

  constructor(setting: MachineSetting, random: Random) {
    this.#setting = setting;
    this.#random = random;
    this.#memory = new Int32Array(setting.keys).fill(INITIAL);
    this.#buffers = Array.from({ length: setting.sessions }, () => []);
    this.#slow = new Uint8Array(setting.sessions);
    this.#running = new Array<number | undefined>(setting.sessions).fill(undefined);
  }

  /** A session goes on: its last operation completes, or the next one acts. Now and then buffers are flushed. */
  step(): void {
    const random = this.#random;
    const session = random.int(this.#setting.sessions);
    const running = this.#running[session];
    if (running !== undefined) {
      this.issued[running]!.completed = this.#time++;
      this.#running[session] = undefined;
    } else {
      this.#act(session);
    }
    const flushed = random.int(this.#setting.sessions);
    if (random.chance(1, 100)) this.#slow[flushed] = 1 - this.#slow[flushed]!;
    if (random.chance(this.#slow[flushed] === 1 ? 1 : 60, 100)) this.#flushOne(flushed);
  }

  #act(session: number): void {
    const { keys, writePermille, updatePermille = 0, fencePermille = 0 } = this.#setting;
    const draw = this.#random.int(1000);
    const writes = draw < writePermille;
    const updates = !writes && draw < writePermille + updatePermille;
    const fences = !writes && !updates && draw < writePermille + updatePermille + fencePermille;
    const kind = writes ? kinds.write : updates ? kinds.update : fences ? kinds.fence : kinds.read;
    const key = kind === kinds.fence ? NO_LOCATION : this.#random.int(keys);
    if (kind === kinds.update || kind === kinds.fence) {
      while (this.#buffers[session]!.length > 0) this.#flushOne(session);
    }
    const reads = kind === kinds.read || kind === kinds.update;
    const access = this.issued.length;
    this.issued.push({
      kind,
      key,
      source: reads ? this.#read(session, key) : INITIAL,
      completed: this.#time++,
      session,
    });
    this.#running[session] = access;
    if (kind === kinds.update) this.#memory[key] = access;
    if (kind !== kinds.write) return;
    if (this.#setting.machine === "sequential") this.#memory[key] = access;
    else this.#buffers[session]!.push(access);
  }

  #read(session: number, key: number): number {
    const own = this.#buffers[session]!.findLast((write) => this.issued[write]!.key === key);
    return own ?? this.#memory[key]!;
  }

  #flushOne(session: number): void {
    const buffer = this.#buffers[session]!;
    if (buffer.length === 0) return;
    const key = this.issued[buffer[0]!]!.key;
    let at = 0;
    if (this.#setting.machine === "pso") {
      // Any key's oldest entry.
      const chosen = this.issued[this.#random.pick(buffer)]!.key;
      at = chosen === key ? 0 : buffer.findIndex((write) => this.issued[write]!.key === chosen);
    }
    const [write] = buffer.splice(at, 1);
    this.#memory[this.issued[write!]!.key] = write!;
  }
}

function accessesOf(issued: readonly Issued[], { sessions, keys }: MachineSetting): Accesses {
  const bySession: number[][] = Array.from({ length: sessions }, () => []);
  issued.forEach((access, i) => {
    bySession[access.session]!.push(i);
  });
  const order = bySession.flat();
  const place = new Int32Array(order.length);
  order.forEach((access, i) => {
    place[access] = i;
  });
  const starts = [0];
  for (const members of bySession) starts.push(starts.at(-1)! + members.length);
  const take = (pick: (access: Issued) => number): Int32Array =>
    Int32Array.from(order, (access) => pick(issued[access]!));
  return {
    size: order.length,
    sessions,
    keys,
    starts: Int32Array.from(starts),
    session: take(({ session }) => session),
    kind: Uint8Array.from(order, (access) => issued[access]!.kind),
    key: take(({ key }) => key),
    source: take(({ source }) => (source === INITIAL ? INITIAL : place[source]!)),
    completed: take(({ completed }) => completed),
    operation: Int32Array.from(order),
  };
}
