/**
 * Finding who is responsible for a key: its successor on the ring.
 *
 * Each node knows its successors and, as finger i, the first node at least 2^i away. The asker goes from
 * node to node (iteratively), each naming the closest node before the key that it knows; as every step
 * halves the way in expectation, it takes O(log N) of them, (log2 N) / 2 on average (Stoica et al. 2001,
 * theorem 2 and section 6.3). A node that does not answer is gone round.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { answerOf } from "../answers.js";
import { distance, idOf, isBetween, isUpTo } from "./ids.js";
import type { Neighbours } from "./neighbours.js";
import type { RegistryProbe } from "./probes.js";

const BITS = 32;
const ANSWER_MS = 150;
const FINGER_MS = 150;
/** More steps than any way has: pointers that are wrong must not lead in circles for ever. */
const STEPS_MAX = 64;

export interface Route {
  owner: string;
  /** How often another node was asked on the way. */
  hops: number;
}

export class Routing {
  readonly #context: NodeContext;
  readonly #neighbours: Neighbours;
  /** Finger i, for i from the first one beyond the successor; the others are the successor. */
  readonly #fingers = new Map<number, string>();
  #next = 0;

  constructor(context: NodeContext, neighbours: Neighbours) {
    this.#context = context;
    this.#neighbours = neighbours;
  }

  /** Finds one finger anew in each period, the near ones first. */
  start(): void {
    this.#context.after(FINGER_MS, async () => {
      this.start();
      await this.#fixFinger();
    });
  }

  /** Where to go for an identifier from here, round those to be avoided. */
  step(id: number, avoided: readonly string[]): JsonObject {
    const { id: own, successors, predecessor } = this.#neighbours;
    const self = this.#context.id;
    if (predecessor !== undefined && isUpTo(id, idOf(predecessor), own)) {
      return { type: "step_ok", owner: self };
    }
    const after = successors.find((name) => !avoided.includes(name));
    if (after === undefined || isUpTo(id, own, idOf(after))) {
      return { type: "step_ok", owner: after ?? self };
    }
    return { type: "step_ok", next: this.#closestBefore(id, avoided) ?? after };
  }

  /** Undefined where no way was found. `from` begins elsewhere; `avoided` grows with who is silent. */
  async find(
    id: number,
    { from, avoided = [] }: { from?: string; avoided?: string[] } = {},
  ): Promise<Route | undefined> {
    let at = from ?? this.#context.id;
    const trail: string[] = [];
    let hops = 0;
    for (let steps = 0; steps < STEPS_MAX; steps++) {
      if (at !== this.#context.id) hops++;
      const answer = await this.#ask(at, id, avoided);
      if (answer === undefined) {
        this.#context.probe("a lookup went round a silent node" satisfies RegistryProbe);
        avoided.push(at);
        this.#forget(at);
        const back = trail.pop();
        if (back === undefined) return undefined;
        at = back;
        continue;
      }
      if (typeof answer["owner"] === "string") return { owner: answer["owner"], hops };
      trail.push(at);
      at = String(answer["next"]);
    }
    return undefined;
  }

  #ask(at: string, id: number, avoided: readonly string[]): Promise<JsonObject | undefined> {
    if (at === this.#context.id) return Promise.resolve(this.step(id, avoided));
    const question = { type: "step", id, avoided: [...avoided] };
    return answerOf(this.#context, at, question, ANSWER_MS);
  }

  #closestBefore(id: number, avoided: readonly string[]): string | undefined {
    const { id: own, successors } = this.#neighbours;
    let closest: string | undefined;
    for (const name of [...this.#fingers.values(), ...successors]) {
      if (avoided.includes(name) || !isBetween(idOf(name), own, id)) continue;
      if (closest === undefined || distance(own, idOf(name)) > distance(own, idOf(closest))) {
        closest = name;
      }
    }
    return closest;
  }

  async #fixFinger(): Promise<void> {
    const { id: own, successors } = this.#neighbours;
    const [first] = successors;
    if (first === undefined) return;
    const reach = distance(own, idOf(first));
    let i = this.#next;
    while (i < BITS && 2 ** i <= reach) this.#fingers.delete(i++);
    if (i >= BITS) {
      this.#next = 0;
      return;
    }
    this.#next = i + 1;
    const route = await this.find((own + 2 ** i) >>> 0);
    if (route === undefined || route.owner === this.#context.id) this.#fingers.delete(i);
    else this.#fingers.set(i, route.owner);
  }

  #forget(silent: string): void {
    for (const [i, name] of this.#fingers) if (name === silent) this.#fingers.delete(i);
  }
}
