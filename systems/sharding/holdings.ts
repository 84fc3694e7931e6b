/**
 * What a node has of the shards, in memory and on its disk.
 *
 * A holding is a shard in one epoch, in one of three phases: staged (a copy that waits for its epoch to
 * begin), serving, or frozen (handed over, or about to be). The list of holdings is one value on the disk;
 * the cells of each are records of a file of its own, so that a write appends one. The disk keeps the order
 * of changes, so that whoever waits for the last one waits for all.
 *
 * A frozen holding is kept until the shard comes back: nobody is hurt by it. Left out: its removal, and
 * compaction of the records.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Cell } from "./messages.js";

export type Phase = "staged" | "serving" | "frozen";

type Extent = {
  from: string;
  /** Where it ends; null for nowhere. */
  to: string | null;
  epoch: number;
};

/** As the disk has it. */
type Record = Extent & { phase: Phase };

/** What the disk has of the node itself. */
export type Standing = {
  /** Drawn when the disk was empty: tells a node from what it was before it lost its disk. */
  life: number;
  /** The version of the table that is obeyed; 0 for none. */
  version: number;
  /** Empty where it is not known. */
  coordinator: string;
};

export interface Holding extends Extent {
  phase: Phase;
  readonly cells: Map<string, Cell>;
}

const INDEX = "holdings";
const STANDING = "standing";

export class Holdings {
  readonly #context: NodeContext;
  #held: Holding[] = [];

  constructor(context: NodeContext) {
    this.#context = context;
    const records = (context.disk.read(INDEX) ?? []) as Record[];
    this.#held = records.map((record) => {
      const cells = context.disk.records(fileOf(record)) as Cell[];
      return { ...record, cells: new Map(cells.map((cell) => [cell.key, cell])) };
    });
    for (const holding of this.#held) if (holding.phase === "serving") this.#observe(holding);
  }

  /** Undefined where the disk is empty. */
  get standing(): Standing | undefined {
    return this.#context.disk.read(STANDING) as Standing | undefined;
  }

  set standing(standing: Standing) {
    this.#context.disk.write(STANDING, standing);
  }

  get all(): readonly Holding[] {
    return this.#held;
  }

  named(from: string): Holding | undefined {
    return this.#held.find((holding) => holding.from === from);
  }

  /** Those in which a place is. */
  at(place: string): Holding[] {
    return this.#held.filter(({ from, to }) => from <= place && (to === null || place < to));
  }

  /** Takes these for whatever of their names there is, with all of their cells. */
  install(...incoming: readonly Holding[]): void {
    const { disk } = this.#context;
    const names = new Set(incoming.map(({ from }) => from));
    const outgoing = this.#held.filter(({ from }) => names.has(from));
    for (const holding of incoming) {
      disk.truncate(fileOf(holding), 0);
      for (const cell of holding.cells.values()) disk.append(fileOf(holding), cell);
    }
    this.#held = [...this.#held.filter((holding) => !outgoing.includes(holding)), ...incoming];
    this.#writeIndex();
    // Not before the list of holdings names the new files.
    for (const holding of outgoing) disk.truncate(fileOf(holding), 0);
    for (const holding of outgoing) if (holding.phase === "serving") this.#disown(holding);
    for (const holding of incoming) if (holding.phase === "serving") this.#observe(holding);
  }

  turn(holding: Holding, phase: Phase): void {
    const before = holding.phase;
    holding.phase = phase;
    this.#writeIndex();
    if (before === "serving") this.#disown(holding);
    if (phase === "serving") this.#observe(holding);
  }

  put(holding: Holding, cell: Cell): void {
    holding.cells.set(cell.key, cell);
    this.#context.disk.append(fileOf(holding), cell);
  }

  #writeIndex(): void {
    const records = this.#held.map(
      ({ from, to, epoch, phase }): Record => ({ from, to, epoch, phase }),
    );
    this.#context.disk.write(INDEX, records);
  }

  #observe({ from, epoch }: Holding): void {
    this.#context.observe("owns", { shard: from, epoch });
  }

  #disown({ from, epoch }: Holding): void {
    this.#context.observe("disowns", { shard: from, epoch });
  }
}

/** An epoch has one set of cells: an owner's, and the copy that the next one serves under its own. */
function fileOf({ from, epoch }: Extent): string {
  return `shard ${from}/${epoch}`;
}
