/**
 * What the neighbours of each access are: the write, the read, the write of the same key before it in
 * its session, and per key its writes, session by session. O(accesses), shared by all views.
 */

import { type Accesses, isRead, isWrite } from "../accesses.js";
import { NONE } from "./graph.js";

export class Outline {
  /** Of every access: the last write of its session before it. */
  readonly previousWrite: Int32Array;
  /** Of writes: the write of the same key before it in its session. */
  readonly previousOfKey: Int32Array;
  /** Of every access: the last read of its session before it. */
  readonly previousRead: Int32Array;
  /** Of writes: the last read of its session not after it; of an update the update. */
  readonly lastRead: Int32Array;
  /** Of reads: how many reads of the session are before it. */
  readonly ordinal: Int32Array;
  /** Of reads: how many runs of writes of the session are before it. */
  readonly block: Int32Array;
  /** All writes, key by key; those of key x begin at runFrom[runStarts[x]]. */
  readonly keyWrites: Int32Array;
  /** keys + 1 places: the runs of key x are runStarts[x] to runStarts[x + 1] - 1. */
  readonly runStarts: Int32Array;
  /** A run: one session's writes of one key in session order, keyWrites[runFrom[i] .. runFrom[i + 1]). */
  readonly runFrom: Int32Array;

  constructor(accesses: Accesses) {
    const { size } = accesses;
    this.previousWrite = new Int32Array(size).fill(NONE);
    this.previousOfKey = new Int32Array(size).fill(NONE);
    this.previousRead = new Int32Array(size).fill(NONE);
    this.lastRead = new Int32Array(size).fill(NONE);
    this.ordinal = new Int32Array(size);
    this.block = new Int32Array(size);
    this.#sessions(accesses);

    const { keys } = accesses;
    const starts = new Int32Array(keys + 1);
    for (let a = 0; a < size; a++) if (isWrite(accesses.kind[a]!)) starts[accesses.key[a]! + 1]!++;
    for (let x = 1; x <= keys; x++) starts[x]! += starts[x - 1]!;
    this.keyWrites = new Int32Array(starts[keys]!);
    const next = starts.slice();
    for (let a = 0; a < size; a++)
      if (isWrite(accesses.kind[a]!)) this.keyWrites[next[accesses.key[a]!]!++] = a;

    this.runStarts = new Int32Array(keys + 1);
    const runFrom: number[] = [];
    for (let x = 0; x < keys; x++) {
      this.runStarts[x] = runFrom.length;
      for (let i = starts[x]!; i < starts[x + 1]!; i++) {
        const session = accesses.session[this.keyWrites[i]!];
        if (i === starts[x] || session !== accesses.session[this.keyWrites[i - 1]!])
          runFrom.push(i);
      }
    }
    this.runStarts[keys] = runFrom.length;
    runFrom.push(this.keyWrites.length);
    this.runFrom = Int32Array.from(runFrom);
  }

  #sessions(accesses: Accesses): void {
    const lastOfKey = new Int32Array(accesses.keys);
    const stamp = new Int32Array(accesses.keys).fill(NONE);
    for (let s = 0; s < accesses.sessions; s++) {
      let write = NONE;
      let read = NONE;
      let reads = 0;
      let blocks = 0;
      for (let a = accesses.starts[s]!; a < accesses.starts[s + 1]!; a++) {
        this.previousWrite[a] = write;
        this.previousRead[a] = read;
        const kind = accesses.kind[a]!;
        if (isRead(kind)) {
          if (write !== NONE && write >= read) blocks++;
          this.ordinal[a] = reads++;
          this.block[a] = blocks;
          read = a;
        }
        if (isWrite(kind)) {
          const key = accesses.key[a]!;
          if (stamp[key] === s) this.previousOfKey[a] = lastOfKey[key]!;
          stamp[key] = s;
          lastOfKey[key] = a;
          this.lastRead[a] = read;
          write = a;
        }
      }
    }
  }
}
