/**
 * The registry of the central kind: one node that keeps all lives, on its disk.
 *
 * Every registration and every end is an event with the next revision, and nobody is told of an event
 * before it is durable: revisions that were seen are never given twice. Leases are spans of the
 * registry's monotonic clock, counted from when a heartbeat came in, and long enough for any drift. A
 * restart does not know how long it lasted: it gives all leases anew, and records which.
 *
 * The end of a life is final. Heartbeats are numbered, so that one that comes twice counts once; one for
 * a life that is not registered buries it, and whatever comes later of it changes nothing.
 *
 * Left out: forgetting the lives that are over (a name is never used again); copies of the registry.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import type { RegistryProbe } from "./probes.js";
import { type LifeName, lifeKey, lifeNameOf } from "./requests.js";
import { atLeastMs } from "./times.js";

/** What happened, as it is on the disk; its revision is its place in the file, from 1. */
interface Event extends LifeName {
  is: "up" | "down";
  leased: boolean;
}

interface Life extends LifeName {
  isUp: boolean;
  /** False where it was buried before it was registered. */
  wasUp: boolean;
  leased: boolean;
  /** The highest heartbeat that counted. */
  beat: number;
  /** By the clock of leases. */
  untilMs: number;
}

/** Events that a watch can be resumed from; whoever is further behind lists anew. */
const EVENTS_KEPT = 16;

export class Registrar {
  readonly #context: NodeContext;
  readonly #lives = new Map<string, Life>();
  readonly #events: Event[] = [];
  readonly #leaseMs: number;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#leaseMs = Number(context.options["leaseMs"]);
  }

  start(): void {
    const { disk } = this.#context;
    for (const record of disk.records("events")) this.#apply(record as unknown as Event);
    if (this.#events.length === 0) return;
    const untilMs = this.#nowMs() + atLeastMs(this.#leaseMs);
    const lives: JsonObject[] = [];
    for (const [key, life] of this.#lives) {
      life.untilMs = untilMs;
      life.beat = Number(disk.read(`beat/${key}`) ?? 0);
      const { service, instance, leased, isUp } = life;
      if (leased && isUp) lives.push({ service, instance });
    }
    this.#probe("a registry restarted and gave all leases anew");
    this.#context.observe("leases-anew", { lives });
  }

  /** @throws Refusal where nothing happened and nothing will. */
  async serve(body: JsonObject): Promise<JsonObject> {
    this.#endLeases();
    switch (body["type"]) {
      case "register":
        return this.#register(body);
      case "renew":
        return this.#renew(body);
      case "deregister":
        this.#end(lifeNameOf(body));
        return this.#durably({ type: "deregister_ok" });
      case "watch":
        return this.#watch(body["from"] ?? null);
      default:
        return this.#list();
    }
  }

  /** Who is there now, durably. */
  async lookup(service: string): Promise<string[]> {
    this.#endLeases();
    const found = [...this.#lives.values()].filter((life) => life.isUp && life.service === service);
    await this.#context.disk.fsync();
    return found.map(({ instance }) => instance);
  }

  #register(body: JsonObject): Promise<JsonObject> {
    const name = lifeNameOf(body);
    const leased = body["lease"] === true;
    const known = this.#lives.get(lifeKey(name));
    if (known === undefined) {
      this.#happen({ ...name, is: "up", leased });
      this.#extend(name, body);
    } else if (!known.wasUp) {
      return this.#refuse(errorCodes.preconditionFailed, `${name.instance} has been ended before`);
    }
    // Who was up before, and perhaps has been ended: the same request, once more.
    return this.#durably({ type: "register_ok", leaseMs: leased ? this.#leaseMs : null });
  }

  #renew(body: JsonObject): Promise<JsonObject> {
    const { bugs, disk } = this.#context;
    const name = lifeNameOf(body);
    const beat = Number(body["beat"]);
    const known = this.#lives.get(lifeKey(name));
    if (bugs.has("heartbeat-registers") && known?.isUp !== true) {
      this.#happen({ ...name, is: "up", leased: true });
      this.#extend(name, body);
    } else if (known !== undefined && beat <= known.beat) {
      this.#probe("a late or second heartbeat changed nothing");
    } else if (known?.isUp !== true) {
      this.#probe("a renewal came after the end");
      this.#end(name);
      return this.#refuse(errorCodes.keyDoesNotExist, `${name.instance} is not registered`);
    } else {
      known.beat = beat;
      disk.write(`beat/${lifeKey(name)}`, beat);
      this.#extend(name, body);
    }
    return this.#durably({ type: "renew_ok", leaseMs: this.#leaseMs });
  }

  /** Everything after a revision; from now on where none is named. */
  #watch(from: Json): Promise<JsonObject> {
    const revision = this.#events.length;
    const since = from === null ? revision : Number(from);
    if (since < revision - EVENTS_KEPT) return this.#durably({ type: "watch_ok", tooOld: true });
    const events = this.#events.slice(since).map((event) => ({ ...event }));
    return this.#durably({ type: "watch_ok", revision, events });
  }

  #list(): Promise<JsonObject> {
    const live = [...this.#lives.values()].filter(({ isUp }) => isUp);
    const lives = live.map(({ service, instance }) => ({ service, instance }));
    return this.#durably({ type: "list_ok", revision: this.#events.length, lives });
  }

  /** @throws Refusal, once what it rests on is durable. */
  async #refuse(code: number, text: string): Promise<never> {
    await this.#context.disk.fsync();
    throw new Refusal(code, text);
  }

  async #durably(reply: JsonObject): Promise<JsonObject> {
    await this.#context.disk.fsync();
    return reply;
  }

  #extend(name: LifeName, { sentMs }: JsonObject): void {
    const life = this.#lives.get(lifeKey(name));
    if (life === undefined) return;
    const { bugs } = this.#context;
    const sinceMs = bugs.has("wall-clock-lease") ? Number(sentMs) : this.#nowMs();
    life.untilMs = sinceMs + atLeastMs(this.#leaseMs);
  }

  /** Before anything else is looked at: what the clock says is over, is. */
  #endLeases(): void {
    const nowMs = this.#nowMs();
    for (const life of this.#lives.values()) {
      if (!life.isUp || !life.leased || nowMs < life.untilMs) continue;
      this.#probe("a lease ran out");
      this.#end(life);
    }
  }

  #end({ service, instance }: LifeName): void {
    const life = this.#lives.get(lifeKey({ service, instance }));
    if (life?.isUp === false) return;
    this.#happen({ service, instance, is: "down", leased: life?.leased ?? false });
  }

  #happen(event: Event): void {
    this.#context.disk.append("events", { ...event });
    this.#apply(event);
  }

  #apply(event: Event): void {
    const { service, instance, is, leased } = event;
    this.#events.push(event);
    const key = lifeKey(event);
    const before = this.#lives.get(key) ?? { beat: 0, untilMs: 0, wasUp: false };
    const isUp = is === "up";
    const wasUp = isUp || before.wasUp;
    this.#lives.set(key, { ...before, service, instance, leased, isUp, wasUp });
  }

  /** The clock of leases. */
  #nowMs(): number {
    const { bugs, clock } = this.#context;
    return bugs.has("wall-clock-lease") ? clock.wallMs() : clock.monotonicMs();
  }

  #probe(name: RegistryProbe): void {
    this.#context.probe(name);
  }
}
