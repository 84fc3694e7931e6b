/**
 * The coordinator: one node decides who owns what, and who is a member.
 *
 * What it has decided is one value on its disk: the table, the members, and the moves under way. Nothing is
 * told to anybody before it is durable. It sends everybody orders, again and again, that say how things
 * are to be (the table, and what to release), and hears how they are: all of it may be said twice, late or
 * never, and nothing has to be remembered but that.
 *
 * A move of a shard takes the next epoch, which is nobody's else, and has three steps:
 *   1. The owner is ordered to release the shard to the next one: it freezes it, and copies it there.
 *   2. When the next one says that it has the copy, the table has a new owner, under that epoch. That is the
 *      moment of the flip: until then nobody serves, and afterwards the new owner.
 *   3. If that takes too long, the table gives the shard back to the old owner, under one epoch more. The
 *      copy that may be on its way is for an epoch that will never be anybody's.
 * No move begins before the owner has said that it obeys the table that made it the owner.
 *
 * A member that leaves is one when it has handed over all it had. The coordinator itself cannot leave.
 */

import type { JsonObject } from "../../src/base/json.js";
import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { Balancer } from "./balancer.js";
import type { Change, Order, Release, Status } from "./messages.js";
import type { Partitioning } from "./partitionings.js";
import { type Edit, edited, type Shard, type Table } from "./table.js";

const ORDERS_MS = 100;
/** Who has not been heard for so long gets no shard, and hands none over. */
const SILENCE_MS = 3 * ORDERS_MS;
/** A hand-off that takes longer is given up. */
const HAND_OFF_MS = 600;
const MOVES_MAX = 8;

type Move = Release & {
  /** The owner that is to release the shard. */
  owner: string;
};

type Decisions = {
  table: Table;
  members: string[];
  moves: Move[];
  /** The latest change of members that was asked for. */
  asked: number;
};

/** What a node has said of itself. */
interface Report {
  life: number;
  version: number;
  heardMs: number;
}

const FILE = "decisions";

export class Coordinator {
  readonly #context: NodeContext;
  readonly #partitioning: Partitioning;
  readonly #send: (to: string, order: Order) => void;
  readonly #balancer = new Balancer();
  readonly #reports = new Map<string, Report>();
  /** Who is to have a shard, where somebody else has it. */
  readonly #wanted = new Map<string, string>();
  /** When a move began, or was first thought of after a restart; by shard. */
  readonly #begunMs = new Map<string, number>();
  #decided: Decisions;
  /** As far as it is durable: what others may know. */
  #published: Decisions | undefined;
  #decisions = 0;
  #publishedNumber = 0;
  #balancedMs: number;

  constructor(
    context: NodeContext,
    partitioning: Partitioning,
    first: Table,
    send: (to: string, order: Order) => void,
  ) {
    this.#context = context;
    this.#partitioning = partitioning;
    this.#send = send;
    this.#balancedMs = context.clock.monotonicMs();
    const known = context.disk.read(FILE) as Decisions | undefined;
    this.#decided = known ?? { table: first, members: [...context.members], moves: [], asked: 0 };
    this.#decide({}, context.nodes);
  }

  start(): void {
    this.#context.after(ORDERS_MS, () => this.start());
    this.#balance();
    this.#giveUp();
    this.#begin();
    for (const node of this.#context.nodes) this.#order(node);
  }

  // What nodes say ----------------------------------------------------------------------------

  onStatus(src: string, { life, version, staged, frozen, heat }: Status): void {
    const known = this.#reports.get(src);
    const obeyed = known?.life === life ? Math.max(known.version, version) : version;
    this.#reports.set(src, { life, version: obeyed, heardMs: this.#nowMs });
    this.#balancer.add(heat);
    const has = (list: Status["staged"], from: string, epoch: number): boolean =>
      list.some((one) => one.from === from && one.epoch === epoch);
    const done = this.#decided.moves.filter((move) => {
      // As soon as the old owner has stopped, the new one may start: its data will come.
      if (this.#context.bugs.has("flip-before-data")) {
        return move.owner === src && frozen.some(({ from }) => from === move.from);
      }
      return move.to === src && move.life === life && has(staged, move.from, move.epoch);
    });
    if (done.length === 0) return;
    this.#context.probe("a shard was handed over");
    this.#end(done, ({ from, epoch, to }) => ({ from, epoch, owner: to }));
  }

  /** @throws Refusal until it is done. */
  onChange({ node, add, number }: Change): JsonObject {
    const { members, asked, table, moves } = this.#decided;
    if (number < asked) throw refusal("a later request has been taken");
    if (!this.#context.nodes.includes(node)) throw refusal(`there is no node ${node}`);
    if (!add && node === this.#context.id) throw refusal("the coordinator stays");
    if (members.includes(node) !== add) {
      const others = members.filter((member) => member !== node);
      this.#decide({ members: add ? [...others, node].sort() : others, asked: number });
      this.#place();
    }
    const hasShards =
      table.shards.some(({ owner }) => owner === node) || moves.some(({ to }) => to === node);
    if (this.#published !== this.#decided || (!add && hasShards)) throw refusal("not done yet");
    this.#context.probe(add ? "a node was taken in" : "a node left when it had nothing left");
    return { type: add ? "add_node_ok" : "remove_node_ok" };
  }

  // What is to be -----------------------------------------------------------------------------

  /** Whoever has a shard that is another's, by the members of today, is to hand it over. */
  #place(): void {
    const { table, members } = this.#decided;
    const owners = this.#partitioning.owners(table.shards, members);
    table.shards.forEach(({ from, owner }, i) => {
      const to = owners[i] as string;
      if (to === owner) this.#wanted.delete(from);
      else this.#wanted.set(from, to);
    });
  }

  #balance(): void {
    const everyMs = Number(this.#context.options["rebalanceMs"]);
    if (this.#nowMs - this.#balancedMs < everyMs) return;
    this.#balancedMs = this.#nowMs;
    const { table, members, moves } = this.#decided;
    if (table.shards.some(({ owner }) => !members.includes(owner))) this.#place();
    if (moves.length > 0 || this.#wanted.size > 0) return;
    const { placeOf, splits } = this.#partitioning;
    const advice = this.#balancer.advise({ table, members, placeOf, splits });
    if (advice?.kind === "move") this.#wanted.set(advice.shard.from, advice.to);
    if (advice?.kind !== "split" || !this.#isSettled(advice.shard)) return;
    this.#context.probe("a shard was split");
    const { owner, epoch, from } = advice.shard;
    const halves = [from, advice.at].map((at) => ({ from: at, owner, epoch: epoch + 1 }));
    this.#decide({ table: edited(table, halves) }, [owner]);
  }

  /** Begins the moves that are wanted, where both nodes are there. */
  #begin(): void {
    const { table, moves, members } = this.#decided;
    const begun: Move[] = [];
    for (const [from, to] of this.#wanted) {
      const shard = table.shards.find((one) => one.from === from);
      if (shard === undefined || shard.owner === to || !members.includes(to)) {
        this.#wanted.delete(from);
        continue;
      }
      if (moves.length + begun.length >= MOVES_MAX) break;
      const life = this.#isHeard(to) ? this.#reports.get(to)?.life : undefined;
      const isMoving = moves.some((move) => move.from === from);
      if (life === undefined || isMoving || !this.#isSettled(shard)) continue;
      begun.push({ from, to, life, owner: shard.owner, epoch: shard.epoch + 1 });
    }
    if (begun.length === 0) return;
    for (const { from } of begun) this.#begunMs.set(from, this.#nowMs);
    this.#decide({ moves: [...moves, ...begun] }, namesOf(begun));
  }

  #giveUp(): void {
    const overdue = this.#decided.moves.filter(({ from }) => {
      const begunMs = this.#begunMs.get(from);
      if (begunMs === undefined) this.#begunMs.set(from, this.#nowMs);
      return begunMs !== undefined && this.#nowMs - begunMs >= HAND_OFF_MS;
    });
    if (overdue.length === 0) return;
    this.#context.probe("a hand-off was given up");
    this.#end(overdue, ({ from, epoch, owner }) => ({ from, epoch: epoch + 1, owner }));
  }

  #end(moves: readonly Move[], edit: (move: Move) => Edit): void {
    for (const { from } of moves) {
      this.#begunMs.delete(from);
      this.#wanted.delete(from);
    }
    const rest = this.#decided.moves.filter((move) => !moves.includes(move));
    const table = edited(this.#decided.table, moves.map(edit));
    this.#decide({ table, moves: rest }, namesOf(moves));
  }

  /** Is the owner there, and does it obey the table that made it one? */
  #isSettled({ owner, since }: Shard): boolean {
    return this.#isHeard(owner) && (this.#reports.get(owner)?.version ?? 0) >= since;
  }

  #isHeard(node: string): boolean {
    const heardMs = this.#reports.get(node)?.heardMs;
    return heardMs !== undefined && this.#nowMs - heardMs < SILENCE_MS;
  }

  // What is told ------------------------------------------------------------------------------

  /** Makes it durable; then those concerned hear of it at once, and others with their next orders. */
  #decide(change: Partial<Decisions>, concerned: readonly string[] = []): void {
    const decided: Decisions = { ...this.#decided, ...change };
    const number = ++this.#decisions;
    this.#decided = decided;
    this.#context.disk.write(FILE, decided);
    this.#context.disk.fsync(() => {
      // A later one may have become durable first, and this one with it.
      if (number > this.#publishedNumber) {
        this.#publishedNumber = number;
        this.#published = decided;
      }
      for (const node of concerned) this.#order(node);
    });
  }

  #order(node: string): void {
    if (this.#published === undefined) return;
    const { table, moves } = this.#published;
    const report = this.#reports.get(node);
    this.#send(node, {
      type: "order",
      life: report?.life ?? 0,
      ...(report !== undefined && report.version >= table.version ? {} : { table }),
      releases: moves
        .filter(({ owner }) => owner === node)
        .map(({ from, epoch, to, life }) => ({ from, epoch, to, life })),
    });
  }

  get #nowMs(): number {
    return this.#context.clock.monotonicMs();
  }
}

function namesOf(moves: readonly Move[]): string[] {
  return [...new Set(moves.flatMap(({ owner, to }) => [owner, to]))];
}

function refusal(why: string): Refusal {
  return new Refusal(errorCodes.temporarilyUnavailable, why);
}
