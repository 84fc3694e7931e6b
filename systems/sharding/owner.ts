/**
 * A node as an owner: it serves the shards that it owns, hands them over, and takes over others.
 *
 * It serves a request if it owns the shard in the epoch under which it was asked, and looks at nothing but
 * its own holdings: what it owns it owns until it has frozen it, and that is its own doing. A change is
 * durable before it is answered, and a read waits as well: what it saw may have been written an instant ago.
 *
 * A hand-off: an order to release makes it freeze the shard, durably, and then send all of it to the next
 * owner, who stages it, durably, and says so to the coordinator. The table that gives the shard away is the
 * coordinator's (coordinator.ts); whoever is the owner in it begins to serve. One that gives it back under a
 * later epoch thaws what was frozen; one that cuts it makes two of what is held.
 *
 * A copy and an order are for one life of a node: what is still on its way when the node has lost its disk,
 * and was taken in again, means nothing to it.
 */

import { type JsonObject, jsonEquals } from "../../src/base/json.js";
import { errorCodes, type NodeContext } from "../../src/hosts/ts/node.js";
import { type Holding, Holdings, type Standing } from "./holdings.js";
import type {
  Cell,
  Copy,
  Elsewhere,
  Operation,
  Order,
  Release,
  Request,
  Served,
  Status,
} from "./messages.js";
import type { Partitioning } from "./partitionings.js";
import { endOf, type Shard, type Table } from "./table.js";

export interface OwnerHooks {
  send(to: string, message: Copy | Status): void;
}

export class Owner {
  readonly #context: NodeContext;
  readonly #partitioning: Partitioning;
  readonly #holdings: Holdings;
  readonly #hooks: OwnerHooks;
  #standing: Standing;
  #heat: { [key: string]: number } = {};

  /** @param first the table of a new store, if this node is one of its first members. */
  constructor(
    context: NodeContext,
    partitioning: Partitioning,
    first: { coordinator: string; table: Table } | undefined,
    hooks: OwnerHooks,
  ) {
    this.#context = context;
    this.#partitioning = partitioning;
    this.#hooks = hooks;
    this.#holdings = new Holdings(context);
    const standing = this.#holdings.standing;
    this.#standing = standing ?? {
      life: context.random.word(),
      version: 0,
      coordinator: first?.coordinator ?? "",
    };
    if (standing === undefined && first !== undefined) this.#apply(first.table);
    else if (standing === undefined) this.#holdings.standing = this.#standing;
    else if (this.#holdings.all.some(({ phase }) => phase === "frozen")) {
      context.probe("a node restarted with a shard that it had frozen");
    }
  }

  /** Empty where it is not known. */
  get coordinator(): string {
    return this.#standing.coordinator;
  }

  /** Serves a request, or not; silent where its client has gone on since. */
  async serve(request: Request, epoch: number): Promise<Served | Elsewhere | undefined> {
    const { key } = request.operation;
    const holding = this.#servedAt(this.#partitioning.placeOf(key), epoch);
    if (holding === undefined) return { type: "elsewhere" };
    this.#heat[key] = (this.#heat[key] ?? 0) + 1;
    const reply = this.#execute(holding, request);
    await this.#context.disk.fsync();
    return reply === undefined ? undefined : { type: "served", reply };
  }

  #servedAt(place: string, epoch: number): Holding | undefined {
    const holdings = this.#holdings.at(place);
    const owned = holdings.find((one) => one.phase === "serving" && one.epoch === epoch);
    if (owned !== undefined) return owned;
    if (holdings.some(({ phase }) => phase === "frozen")) {
      this.#context.probe("a request met a shard that was handed over");
    }
    // Whoever is asked must be the owner: is it not the map that led the request here?
    return this.#context.bugs.has("no-epoch") ? latest(holdings) : undefined;
  }

  #execute(holding: Holding, { client, number, operation }: Request): JsonObject | undefined {
    const { key } = operation;
    const cell = holding.cells.get(key);
    if (operation.type === "read") return { type: "read_ok", value: cell?.value ?? null };
    const last = cell?.answered[client];
    if (last !== undefined && last.number >= number) {
      this.#context.probe("a request came again after it was answered");
      return last.number === number ? last.reply : undefined;
    }
    const { value, reply } = outcomeOf(operation, cell);
    const answered = { ...cell?.answered, [client]: { number, reply } };
    this.#holdings.put(holding, { key, value, answered });
    return reply;
  }

  // Hand-offs ---------------------------------------------------------------------------------

  /** Does as the coordinator says, and tells it when that is durable. */
  obey(coordinator: string, { life, table, releases }: Order): void {
    if (life === this.#standing.life) {
      if (this.#standing.coordinator !== coordinator) {
        this.#standing = { ...this.#standing, coordinator };
        this.#holdings.standing = this.#standing;
      }
      if (table !== undefined && table.version > this.#standing.version) this.#apply(table);
      for (const release of releases) this.#freeze(release);
    }
    const released = life === this.#standing.life ? releases : [];
    const ready = released.filter((release) => this.#released(release) !== undefined);
    const status = this.#status();
    this.#context.disk.fsync(() => {
      for (const release of ready) this.#handOver(release);
      this.#report(coordinator, status);
    });
  }

  #freeze({ from, epoch }: Release): void {
    const holding = this.#holdings.named(from);
    if (holding?.phase !== "serving" || holding.epoch >= epoch) return;
    // Writes go on here while the copy is made, as if it took no time.
    if (this.#context.bugs.has("no-freeze")) return;
    this.#holdings.turn(holding, "frozen");
  }

  /** What is to be handed over by the release; undefined where it is not frozen, or not any more. */
  #released({ from, epoch }: Release): Holding | undefined {
    const holding = this.#holdings.named(from);
    const isFrozen = holding?.phase === "frozen" || this.#context.bugs.has("no-freeze");
    return isFrozen && holding !== undefined && holding.epoch < epoch ? holding : undefined;
  }

  #handOver(release: Release): void {
    const holding = this.#released(release);
    if (holding === undefined) return;
    const { from, epoch, to, life } = release;
    const cells = [...holding.cells.values()];
    // Values only: what was answered to whom stays behind.
    const sent = this.#context.bugs.has("answers-stay-behind")
      ? cells.map((cell): Cell => ({ ...cell, answered: {} }))
      : cells;
    this.#hooks.send(to, { type: "copy", from, to: holding.to, epoch, life, cells: sent });
  }

  onCopy({ from, to, epoch, life, cells }: Copy): void {
    if (life !== this.#standing.life) {
      this.#context.probe("a copy was meant for an earlier life of the node");
      return;
    }
    const held = this.#holdings.named(from);
    if (held !== undefined && (held.epoch >= epoch || held.phase === "serving")) {
      this.#context.probe("a copy came again, or too late");
    } else {
      const staged = new Map(cells.map((cell) => [cell.key, cell]));
      this.#holdings.install({ from, to, epoch, phase: "staged", cells: staged });
    }
    const status = this.#status();
    this.#context.disk.fsync(() => this.#report(this.#standing.coordinator, status));
  }

  /** Takes the table for what it says of this node. */
  #apply(table: Table): void {
    const begun: Holding[] = [];
    for (const shard of table.shards) {
      if (shard.owner !== this.#context.id) continue;
      const holding = this.#begun(shard, endOf(table, shard));
      if (holding !== undefined) begun.push(holding);
    }
    // An owner that was never told to stop.
    for (const { from, owner, epoch } of table.shards) {
      const held = this.#holdings.named(from);
      if (held?.phase === "serving" && held.epoch < epoch && owner !== this.#context.id) {
        this.#holdings.turn(held, "frozen");
      }
    }
    this.#holdings.install(...begun);
    this.#standing = { ...this.#standing, version: table.version };
    this.#holdings.standing = this.#standing;
  }

  /** What is to be served of a shard from now on; undefined where nothing changes. */
  #begun(shard: Shard, to: string | null): Holding | undefined {
    const { from, epoch } = shard;
    const held = this.#holdings.named(from);
    if (held !== undefined && held.epoch >= epoch) {
      if (held.epoch === epoch && held.phase === "staged") this.#holdings.turn(held, "serving");
      return undefined;
    }
    // Given back, or cut from what is held; a shard that nobody ever had is empty.
    const whole = held ?? latest(this.#holdings.at(from));
    if (whole?.phase === "frozen") this.#context.probe("a node thawed what it had frozen");
    const cells = [...(whole?.cells ?? [])].filter(([key]) => {
      const place = this.#partitioning.placeOf(key);
      return from <= place && (to === null || place < to);
    });
    return { from, to, epoch, phase: "serving", cells: new Map(cells) };
  }

  // Statuses ----------------------------------------------------------------------------------

  /** How things are; to be told once it is durable. */
  #status(): Status {
    const { life, version } = this.#standing;
    const inPhase = (phase: string) =>
      this.#holdings.all
        .filter((holding) => holding.phase === phase)
        .map(({ from, epoch }) => ({ from, epoch }));
    const [staged, frozen] = [inPhase("staged"), inPhase("frozen")];
    return { type: "status", life, version, staged, frozen, heat: {} };
  }

  #report(coordinator: string, status: Status): void {
    if (coordinator === "") return;
    const heat = this.#heat;
    this.#heat = {};
    this.#hooks.send(coordinator, { ...status, heat });
  }
}

/** The one of the highest epoch. */
function latest(holdings: readonly Holding[]): Holding | undefined {
  return holdings.toSorted((a, b) => b.epoch - a.epoch)[0];
}

function outcomeOf(
  operation: Exclude<Operation, { type: "read" }>,
  cell: Cell | undefined,
): { value: Cell["value"]; reply: JsonObject } {
  const value = cell?.value ?? null;
  if (operation.type === "write") return { value: operation.value, reply: { type: "write_ok" } };
  if (value === null) return { value, reply: error(errorCodes.keyDoesNotExist, "no such key") };
  if (jsonEquals(value, operation.from)) return { value: operation.to, reply: { type: "cas_ok" } };
  const text = `it is ${JSON.stringify(value)}`;
  return { value, reply: error(errorCodes.preconditionFailed, text) };
}

function error(code: number, text: string): JsonObject {
  return { type: "error", code, text };
}
