/**
 * What one node believes of the others, and the record of every change of mind.
 *
 * Two questions are kept apart. Is the member alive? Hearsay may answer that. Can I reach it myself?
 * Only direct contact can: behind a bridge a member is alive and out of reach.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { DetectorProbe } from "./probes.js";

export type State = "alive" | "suspect" | "dead";

interface Opinion {
  state: State;
  /** The life of the member, as far as is known: how often it has booted. */
  boot: number;
  reachable: boolean;
}

export class Opinions {
  readonly #context: NodeContext;
  readonly #of = new Map<string, Opinion>();

  constructor(context: NodeContext) {
    this.#context = context;
    for (const peer of context.peers) {
      this.#of.set(peer, { state: "alive", boot: 0, reachable: true });
    }
  }

  stateOf(peer: string): State {
    return this.#get(peer).state;
  }

  bootOf(peer: string): number {
    return this.#get(peer).boot;
  }

  set(peer: string, state: State): void {
    const opinion = this.#get(peer);
    if (opinion.state === state) return;
    if (opinion.state !== "alive" && state === "alive") this.#probe("a suspect came back");
    opinion.state = state;
    this.#context.observe(state === "alive" ? "trust" : state, { node: peer });
  }

  /** False for news of an earlier life. The first life heard of is no restart. */
  lives(peer: string, boot: number): boolean {
    const opinion = this.#get(peer);
    if (boot < opinion.boot) return false;
    if (boot === opinion.boot) return true;
    if (opinion.boot > 0 && this.#context.bugs.has("restart-unnoticed")) return true;
    const isRestart = opinion.boot > 0;
    opinion.boot = boot;
    if (isRestart) {
      this.#probe("a restart was noticed");
      this.#context.observe("restarted", { node: peer, boot });
    }
    return true;
  }

  reach(peer: string, reachable: boolean): void {
    const opinion = this.#get(peer);
    if (opinion.reachable === reachable) return;
    opinion.reachable = reachable;
    if (!reachable && opinion.state === "alive") this.#probe("a member alive was out of reach");
    this.#context.observe(reachable ? "reachable" : "unreachable", { node: peer });
  }

  /** For clients: one entry for each other member. */
  told(): JsonObject[] {
    return [...this.#of].map(([node, { state, boot, reachable }]) => ({
      node,
      state,
      boot,
      reachable,
    }));
  }

  #get(peer: string): Opinion {
    const opinion = this.#of.get(peer);
    if (opinion === undefined) throw new RangeError(`${peer} is no member`);
    return opinion;
  }

  #probe(name: DetectorProbe): void {
    this.#context.probe(name);
  }
}
