/**
 * Disk faults as troubles that lie over a disk. What each draws depends on the fault, the node, and
 * the file and place in it, and on nothing else.
 */

import type { Json } from "../../base/json.js";
import type { DiskFault } from "../../plan/fault.js";
import { hashText, mix, scale, thresholdOfPpm } from "../../random/mix.js";
import { alter } from "../alter.js";
import type { DiskTrouble, SimulatedDisk } from "../disk.js";
import type { Cell, Content } from "../disk-content.js";

/** `draw`: gives the word from which everything that this fault draws is made. */
export function troubleOf(disk: SimulatedDisk, fault: DiskFault, draw: () => number): DiskTrouble {
  switch (fault.kind) {
    case "lost-fsync":
      return { losesSyncs: true };
    case "torn-write":
      return { tearsWrites: true };
    case "bit-rot":
      return { masks: rotten(disk.durable, fault.ppm, draw()) };
    case "misdirected-write":
      return new Misdirection(disk, fault.nth, draw());
    case "read-error":
      return new ReadErrors(fault.ppm, draw());
    case "disk-full":
      return { isFull: true };
    case "slow-disk":
      return { syncAddUs: fault.addUs };
  }
}

/** Where something is stored: the only value of a file, or one of its records. */
function* placesOf({ values, lists }: Content): Iterable<[cell: Cell, file: string, at: number]> {
  for (const [file, cell] of values) yield [cell, file, -1];
  for (const [file, list] of lists) for (const [i, cell] of list.entries()) yield [cell, file, i];
}

/** What each cell that is hit reads as. O(disk). */
function rotten(content: Content, ppm: number, key: number): Map<Cell, Json> {
  const threshold = thresholdOfPpm(ppm);
  const masks = new Map<Cell, Json>();
  for (const [cell, file, at] of placesOf(content)) {
    const word = mix(mix(key, hashText(file)), at);
    if (word >>> 0 < threshold) masks.set(cell, alter(cell.value, mix(word, 1)));
  }
  return masks;
}

/** One write lands where another value lives: there it is read, and its own place is as it was. */
class Misdirection implements DiskTrouble {
  readonly masks = new Map<Cell, Json | undefined>();
  readonly #disk: SimulatedDisk;
  readonly #key: number;
  #left: number;

  constructor(disk: SimulatedDisk, nth: number, key: number) {
    this.#disk = disk;
    this.#left = nth;
    this.#key = key;
  }

  wrote(cell: Cell, stale: Cell | undefined): void {
    if (--this.#left !== 0) return;
    const others = [...placesOf(this.#disk.durable)].filter(([other]) => other !== stale);
    const victim = others[scale(mix(this.#key, 1), others.length)];
    if (victim === undefined) return;
    this.masks.set(cell, stale?.value);
    this.masks.set(victim[0], cell.value);
  }
}

class ReadErrors implements DiskTrouble {
  readonly #threshold: number;
  readonly #key: number;
  /** How often each file was read: a second try may succeed. */
  readonly #reads = new Map<string, number>();

  constructor(ppm: number, key: number) {
    this.#threshold = thresholdOfPpm(ppm);
    this.#key = key;
  }

  failsRead(file: string): boolean {
    const nth = this.#reads.get(file) ?? 0;
    this.#reads.set(file, nth + 1);
    return mix(mix(this.#key, hashText(file)), nth) >>> 0 < this.#threshold;
  }
}
