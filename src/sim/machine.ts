/**
 * One machine of the simulated world: a clock, a disk, and a node that may crash, pause and return.
 *
 * Crashes and pauses nest: a node runs when no crash and no pause lies on it. Each boot is an
 * incarnation; timers, disk completions and effects of an earlier one are void.
 */

import type { Json, JsonObject } from "../base/json.js";
import { hashText } from "../random/mix.js";
import type { Random } from "../random/random.js";
import { Backlog } from "./backlog.js";
import { NodeClock } from "./clock.js";
import { SimulatedDisk } from "./disk.js";
import type { Host, HostFactory, Machine, Misconduct, Settling } from "./host.js";
import type { EventKind, KernelEvent } from "./kernel.js";
import { exponential } from "./latency.js";
import type { MachineIdentity, MachineWorld } from "./machine-world.js";
import type { Message } from "./message.js";
import type { Endpoint, Port } from "./network.js";
import type { SimProbe } from "./probes.js";
import { copyOf } from "./seal.js";
import { Speech } from "./speech.js";

/** A pending callback of a node, void once its incarnation is over. */
class Pending {
  cancelled = false;

  constructor(
    readonly machine: SimulatedMachine,
    readonly incarnation: number,
    /** Due on the local monotonic clock; undefined for what the clock does not govern. */
    readonly dueLocalUs: number | undefined,
    readonly action: () => void,
  ) {}
}

/** An fsync takes at least this long, and an exponential time of that mean on top. */
const SYNC_MIN_US = 100;
const SYNC_MEAN_US = 400;

/** Far more often than a sound node is called at one moment. */
const ACTS_AT_ONCE_MAX = 100_000;

export class SimulatedMachine implements Machine, Endpoint {
  readonly id: string;
  readonly name: string;
  readonly streamName: string;
  readonly kind = "node";
  readonly nodes: readonly string[];
  readonly clock: NodeClock;
  readonly disk: SimulatedDisk;
  readonly backlog: Backlog;
  readonly speech = new Speech();
  readonly random: Random;
  readonly host: Host;
  readonly #world: MachineWorld;
  readonly #lane: number;
  readonly #port: Port;
  readonly #fire: (event: KernelEvent) => void;
  #incarnation = 0;
  #up = false;
  #crashes = 0;
  #pauses = 0;
  #messageId = 0;
  /** Whoever boots here with an empty disk is no member any more. */
  #isOutsider = false;
  /** How often the node has acted at the last moment at which it did. */
  #acts = 0;
  #actedAt = -1;
  /** A boot came due while the machine was paused. */
  #bootWaits = false;
  /** What arrived or came due while the node was paused, in that order. */
  #heldBack: (() => Settling)[] = [];

  constructor(world: MachineWorld, identity: MachineIdentity, makeHost: HostFactory) {
    const { draws } = world.kernel;
    this.#world = world;
    this.id = identity.id;
    this.name = identity.id;
    this.streamName = identity.id;
    this.nodes = world.nodes;
    this.#lane = hashText(identity.id);
    this.#fire = (event) => this.#run(event.data as Pending);
    this.random = draws.open(`node/${identity.id}`, "node", identity.ordinal);
    const start = draws.streams.stream("boot", identity.ordinal);
    this.clock = new NodeClock({
      startUs: start.between(1_000_000, 3_600_000_000),
      wallStartUs: identity.wallStartUs,
    });
    const syncs = draws.open(`fsync/${identity.id}`, "fsync", identity.ordinal);
    this.disk = new SimulatedDisk({
      syncUs: () => SYNC_MIN_US + exponential(syncs.word(), SYNC_MEAN_US),
      later: (delayUs, action) =>
        this.#later(world.kernel.now + delayUs, "disk", undefined, action),
      wrote: (hash) => world.kernel.absorb(hash),
      probe: (name) => this.#sometimes(name),
    });
    this.backlog = new Backlog({
      nowUs: () => world.kernel.now,
      at: (timeUs, action) => world.kernel.at(timeUs, this.#lane, "timer", this.id, () => action()),
      cancel: (event) => world.kernel.cancel(event),
      waits: () => this.#sometimes("a slow node let something wait"),
    });
    this.host = makeHost(this);
    this.#port = world.network.attach(this);
  }

  /** Without this node itself where it has yet to be taken in, or taken in again. */
  get members(): readonly string[] {
    const { members } = this.#world;
    return this.#isOutsider ? members.filter((node) => node !== this.id) : members;
  }

  /** True when a node runs here: neither crashed nor, if asked, paused. */
  get up(): boolean {
    return this.#up;
  }

  get paused(): boolean {
    return this.#pauses > 0;
  }

  monotonicUs(): number {
    return this.clock.monotonicUs(this.#world.kernel.now);
  }

  wallUs(): number {
    return this.clock.wallUs(this.#world.kernel.now);
  }

  send(dest: string, body: JsonObject, src?: string): void {
    if (!this.#up) return;
    const number = this.#numberOf(dest, body);
    if (number !== undefined && acknowledges(body)) {
      this.#world.moments.tell("ack before", this.id);
      // It may have been the last moment of this node.
      if (!this.#up) return;
    }
    if (this.#pauses === 0) this.#post(dest, body, number, src);
    else {
      // A pause that began at this very moment.
      const kept = copyOf(body);
      this.#holdBack(() => this.#post(dest, kept, number, src));
    }
  }

  #post(dest: string, body: JsonObject, number: number | undefined, src: string | undefined): void {
    const isOwn = src === undefined || src === this.id;
    const said = isOwn && !this.speech.isTrue ? this.#reworded(dest, body) : body;
    if (said === undefined) return;
    const sent = isOwn
      ? this.#port.send(dest, said, number)
      : this.#world.network.send(src, dest, said, number);
    if (!sent) {
      this.misconduct("unknown-destination", `sent a message to "${dest}", which does not exist`);
    } else if (number !== undefined && acknowledges(body)) {
      this.#world.moments.tell("ack after", this.id);
    }
  }

  /** What the node says to somebody else than itself; undefined where it keeps silent. */
  #reworded(dest: string, body: JsonObject): JsonObject | undefined {
    const endpoint = this.#world.network.endpoint(dest);
    return endpoint === undefined || dest === this.id ? body : this.speech.reword(endpoint, body);
  }

  /** A reply to a client is named by the request, so that its fate depends on nothing else. */
  #numberOf(dest: string, body: JsonObject): number | undefined {
    const reply = body["in_reply_to"];
    if (typeof reply !== "number") return undefined;
    return this.#world.network.endpoint(dest)?.kind === "client" ? reply : undefined;
  }

  timer(delayUs: number, action: () => void): { cancel(): void } {
    const { kernel } = this.#world;
    const due = this.monotonicUs() + Math.max(0, Math.ceil(delayUs));
    const at = this.clock.virtualTimeOf(due, kernel.now);
    const event = this.#later(at, "timer", due, action);
    return {
      cancel: () => {
        kernel.cancel(event);
        (event.data as Pending).cancelled = true;
      },
    };
  }

  nextMessageId(): number {
    return ++this.#messageId;
  }

  observe(f: string, value: Json): void {
    if (this.#up) this.#world.observe(this.id, f, value);
  }

  probe(name: string): void {
    this.#world.listener.probe(name);
  }

  #sometimes(name: SimProbe): void {
    this.#world.listener.probe(name);
  }

  log(text: string, data?: Json): void {
    this.#world.listener.log(this.id, text, data);
  }

  misconduct(kind: Misconduct, detail: string, down = false): void {
    this.#world.listener.misconduct(this.id, kind, detail);
    if (down) this.#stop();
  }

  receive(message: Message): void {
    if (!this.#up) {
      this.#sometimes("a message came to a node that was down");
      return;
    }
    if (this.#babbles()) return;
    if (this.#isBusy) this.#inTurn(() => this.host.deliver(message));
    else this.#settle(this.host.deliver(message));
  }

  /** Schedules the boot as an event of its own, at the present time. */
  scheduleBoot(): void {
    const { kernel } = this.#world;
    const incarnation = ++this.#incarnation;
    kernel.at(kernel.now, this.#lane, "boot", this.id, () => {
      if (incarnation !== this.#incarnation || this.#crashes > 0) return;
      this.#bootWaits = this.#pauses > 0;
      if (this.#bootWaits) return;
      this.#up = true;
      this.#settle(this.host.boot());
    });
  }

  /** The node dies; what it had not synced is (mostly) lost. Crashes nest. */
  crash(): void {
    if (!this.#goDown()) return;
    // Named by its moment, so that what it leaves does not depend on how many came before.
    const { draws, now } = this.#world.kernel;
    const { lost, kept } = this.disk.crash(
      draws.once(`crash/${this.id}`, "crash", this.#lane, now),
    );
    if (lost > 0) this.#sometimes("a crash lost unsynced writes");
    if (kept > 0) this.#sometimes("a crash kept writes that were not synced");
  }

  /** A crash after which the disk is empty, what was durable included. */
  wipe(): void {
    this.#goDown();
    this.disk.wipe();
  }

  /** Down until `restart`, without a crash: it does not run yet. */
  keepDown(): void {
    this.#goDown();
  }

  /** Wiped after it was removed: what boots here next is somebody new. */
  expel(): void {
    this.#isOutsider = true;
    this.wipe();
  }

  /** True when it was not down already. */
  #goDown(): boolean {
    this.#crashes++;
    if (this.#crashes > 1) return false;
    this.#stop();
    return true;
  }

  /** Lifts one crash; boots the node when it was the last. */
  restart(): void {
    this.#crashes--;
    if (this.#crashes === 0) this.scheduleBoot();
  }

  /** Boots a node that went down by its own fault; does nothing while it runs or is crashed. */
  revive(): void {
    if (!this.#up && this.#crashes === 0) this.scheduleBoot();
  }

  pause(): void {
    this.#pauses++;
    if (this.#pauses === 1 && this.#up) this.#settle(this.host.pause?.(true));
  }

  resume(): void {
    this.#pauses--;
    if (this.#pauses > 0) return;
    if (this.#bootWaits) this.scheduleBoot();
    if (this.#up) this.#settle(this.host.pause?.(false));
    if (this.#heldBack.length > 0) this.#sometimes("a pause held something back");
    for (const _ of this.#heldBack) this.#release();
  }

  /** After the clock changed its rate. Returns how many timers it concerns. O(pending events). */
  retime(): number {
    const { kernel } = this.#world;
    let timers = 0;
    kernel.retime((event) => {
      const pending = event.data;
      if (!(pending instanceof Pending) || pending.machine !== this) return undefined;
      if (pending.dueLocalUs === undefined) return undefined;
      timers++;
      return this.clock.virtualTimeOf(pending.dueLocalUs, kernel.now);
    });
    return timers;
  }

  #later(
    at: number,
    kind: EventKind,
    dueLocalUs: number | undefined,
    action: () => void,
  ): KernelEvent {
    const pending = new Pending(this, this.#incarnation, dueLocalUs, action);
    return this.#world.kernel.at(at, this.#lane, kind, this.id, this.#fire, pending);
  }

  #run(pending: Pending): void {
    if (pending.incarnation !== this.#incarnation || !this.#up || this.#babbles()) return;
    if (!this.#isBusy) pending.action();
    else {
      this.#inTurn(() => {
        if (!pending.cancelled) pending.action();
      });
    }
  }

  /** Whether what happens now is not yet the node's turn. */
  get #isBusy(): boolean {
    return this.#held || this.backlog.isSlow;
  }

  /** Lets the node have something when it is its turn: a slow or paused node takes it later. */
  #inTurn(action: () => Settling): void {
    if (this.backlog.isSlow) this.backlog.add(() => this.#take(action));
    else this.#take(action);
  }

  #take(action: () => Settling): void {
    if (this.#held) this.#holdBack(action);
    else this.#settle(action());
  }

  /** A node that never lets time pass would keep the world where it is: that one is stopped. */
  #babbles(): boolean {
    const { now } = this.#world.kernel;
    if (now !== this.#actedAt) {
      this.#actedAt = now;
      this.#acts = 0;
    }
    if (++this.#acts < ACTS_AT_ONCE_MAX) return false;
    this.misconduct("babbling", `acted ${ACTS_AT_ONCE_MAX} times without letting time pass`, true);
    return true;
  }

  /** Whether what happens now has to queue up: in a pause, and behind what a pause held back. */
  get #held(): boolean {
    return this.#pauses > 0 || this.#heldBack.length > 0;
  }

  #holdBack(action: () => Settling): void {
    this.#heldBack.push(action);
    if (this.#pauses === 0) this.#release();
  }

  /** Lets the node have the first thing that was held back, in an event of its own. */
  #release(): void {
    const { kernel } = this.#world;
    kernel.at(kernel.now, this.#lane, "timer", this.id, () => {
      if (this.#pauses === 0) this.#settle(this.#heldBack.shift()?.());
    });
  }

  #settle(settling: Settling): void {
    if (settling !== undefined) this.#world.kernel.hold(settling);
  }

  #stop(): void {
    if (!this.#up) return;
    this.#up = false;
    this.#incarnation++;
    this.#heldBack = [];
    this.backlog.clear();
    this.#world.network.hangUp(this.id);
    this.#settle(this.host.kill());
  }
}

/** Whether a reply to a client says that something was done. */
function acknowledges(reply: JsonObject): boolean {
  return reply["type"] !== "error";
}
