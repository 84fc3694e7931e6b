/**
 * The lives that a node of the ring holds, on its disk: those of the services that it is responsible for,
 * and copies of others.
 *
 * Two copies of a life merge into one, in any order (a two-phase set: an end is final; the higher
 * heartbeat counts). Leases are passed on as what is left of them; of one heartbeat, the less. Nothing is
 * dropped: whoever took a registration while the ring was apart keeps it until the owner has it, and after.
 */

import { isJsonObject, type Json, type JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { RegistryProbe } from "./probes.js";
import { type LifeName, lifeKey, lifeNameOf } from "./requests.js";
import { atLeastMs } from "./times.js";

export interface Life extends LifeName {
  registered: boolean;
  leased: boolean;
  ended: boolean;
  beat: number;
}

interface Held extends Life {
  /** Of the monotonic clock; what is not leased has no end. */
  untilMs: number;
}

export class Holdings {
  readonly #context: NodeContext;
  readonly #held = new Map<string, Held>();
  readonly #spanMs: number;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#spanMs = atLeastMs(Number(context.options["leaseMs"]));
    for (const record of context.disk.records("lives")) {
      const life = record as unknown as Life;
      const untilMs = this.#nowMs + this.#spanMs;
      this.#held.set(lifeKey(life), {
        ...(this.#held.get(lifeKey(life)) ?? life),
        ...life,
        untilMs,
      });
    }
  }

  /** Of a service, who is registered, has not ended and whose lease runs. */
  live(service: string): string[] {
    const nowMs = this.#nowMs;
    return this.#of(service)
      .filter(({ registered, ended }) => registered && !ended)
      .filter(({ leased, untilMs }) => !leased || nowMs < untilMs)
      .map(({ instance }) => instance);
  }

  get services(): string[] {
    return [...new Set([...this.#held.values()].map(({ service }) => service))].sort();
  }

  /** A client's request for a change. */
  change(body: JsonObject): boolean {
    const name = lifeNameOf(body);
    const known = this.#held.get(lifeKey(name));
    const before = known ?? { ...name, registered: false, leased: false, ended: false, beat: 0 };
    const fullMs = this.#spanMs;
    switch (body["type"]) {
      case "register":
        if (!before.registered) {
          this.#put({ ...before, registered: true, leased: body["lease"] === true }, fullMs);
        }
        return true;
      case "deregister":
        this.#put({ ...before, ended: true }, 0);
        return true;
      default: {
        const beat = Number(body["beat"]);
        if (!before.registered || before.ended || this.#leftMs(known) === 0) return false;
        if (beat > before.beat) this.#put({ ...before, beat }, fullMs);
        else this.#probe("a late or second heartbeat changed nothing");
        return true;
      }
    }
  }

  /** All of a service, as others are given it. */
  copyOf(service: string): JsonObject[] {
    return this.#of(service).map((held) => {
      const { untilMs, ...life } = held;
      return { ...life, leftMs: this.#leftMs(held) };
    });
  }

  merge(copies: Json | undefined): void {
    for (const copy of Array.isArray(copies) ? copies : []) {
      if (isJsonObject(copy)) this.#mergeOne(copy as JsonObject & Life, Number(copy["leftMs"]));
    }
  }

  #mergeOne(copy: Life, leftMs: number): void {
    const held = this.#held.get(lifeKey(copy));
    const merged: Life = {
      service: copy.service,
      instance: copy.instance,
      registered: copy.registered || (held?.registered ?? false),
      leased: copy.leased || (held?.leased ?? false),
      ended: copy.ended || (held?.ended ?? false),
      beat: Math.max(copy.beat, held?.beat ?? 0),
    };
    if (held === undefined || copy.beat > held.beat || !held.registered) this.#put(merged, leftMs);
    else if (merged.ended !== held.ended) this.#put(merged, 0);
    else if (copy.beat === held.beat && copy.registered) {
      held.untilMs = Math.min(held.untilMs, this.#nowMs + leftMs);
    }
  }

  #put(life: Life, leftMs: number): void {
    const key = lifeKey(life);
    const before = this.#held.get(key);
    this.#held.set(key, { ...life, untilMs: this.#nowMs + leftMs });
    if (before !== undefined && isSame(before, life)) return;
    this.#context.disk.append("lives", { ...life });
    if (before !== undefined) this.#probe("a life was merged with another copy");
  }

  #of(service: string): Held[] {
    return [...this.#held.values()].filter((held) => held.service === service);
  }

  #leftMs(held: Held | undefined): number {
    return held === undefined ? 0 : Math.max(0, held.untilMs - this.#nowMs);
  }

  get #nowMs(): number {
    return this.#context.clock.monotonicMs();
  }

  #probe(name: RegistryProbe): void {
    this.#context.probe(name);
  }
}

function isSame(a: Life, b: Life): boolean {
  return (
    a.registered === b.registered &&
    a.leased === b.leased &&
    a.ended === b.ended &&
    a.beat === b.beat
  );
}
