/**
 * One phase of an operation: asks the homes of a key until enough have answered, or time is up.
 *
 * Homes that have not answered are asked again every so often. From the second round on stand-ins are
 * asked too: to keep a hint for a home that missed a version, also when enough others have it; and to
 * say what they know, where the quorum is sloppy. Whether a stand-in's answer counts is the difference
 * between a quorum that must meet the others and one that need not.
 */

import type { JsonObject } from "../../src/base/json.js";
import { ignoreTimeout, type NodeContext, type Timer } from "../../src/hosts/ts/node.js";

/** How often those are asked again who have not answered. */
const ROUND_MS = 100;
/** Two phases fit in the patience of a client. */
const PHASE_MS = 450;

export interface Phase {
  homes: readonly string[];
  standIns: readonly string[];
  /** How many must have answered. */
  need: number;
  /** Homes that have done already what is asked for. */
  given?: readonly string[];
  /** What a home is asked. */
  body: JsonObject;
  /** What a stand-in for a home is asked; nothing when left out. */
  standInBody?: (home: string) => JsonObject;
  standInsCount: boolean;
  /** Told of the answers of homes that come when the phase is over. */
  late?(home: string, answer: JsonObject): void;
}

export interface Gathered {
  enough: boolean;
  /** By node; only those that count. */
  answers: ReadonlyMap<string, JsonObject>;
}

export class Gathering {
  readonly #context: NodeContext;
  readonly #phase: Phase;
  /** What this node itself would answer. */
  readonly #serve: (body: JsonObject) => Promise<JsonObject>;
  readonly #answers = new Map<string, JsonObject>();
  /** All who answered, whether it counts or not. */
  readonly #heard: Set<string>;
  readonly #result: Promise<Gathered>;
  #settle: (gathered: Gathered) => void = () => undefined;
  #over = false;
  /** That of the next round, then that of the end. */
  readonly #timers: Timer[] = [];

  constructor(
    context: NodeContext,
    phase: Phase,
    serve: (body: JsonObject) => Promise<JsonObject>,
  ) {
    this.#context = context;
    this.#phase = phase;
    this.#serve = serve;
    this.#heard = new Set(phase.given);
    for (const home of phase.given ?? []) this.#answers.set(home, {});
    this.#result = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  run(): Promise<Gathered> {
    this.#round(0);
    this.#timers.push(this.#context.after(PHASE_MS, () => this.#end(false)));
    return this.#result;
  }

  #round(number: number): void {
    const { homes, standIns, body, standInBody } = this.#phase;
    const silent = homes.filter((home) => !this.#heard.has(home));
    if (!this.#over) for (const home of silent) this.#ask(home, body);
    if (number > 0 && silent.length > 0 && standInBody !== undefined) {
      // One for each silent home, and each round one more: stand-ins may be silent, too.
      for (const [i, standIn] of standIns.slice(0, silent.length + number - 1).entries()) {
        const home = silent[i % silent.length];
        if (home !== undefined && !this.#heard.has(standIn)) this.#ask(standIn, standInBody(home));
      }
    }
    if (this.#over && number > 0) return;
    this.#timers[0] = this.#context.after(ROUND_MS, () => this.#round(number + 1));
  }

  #ask(node: string, body: JsonObject): void {
    const { id, rpc } = this.#context;
    const answer = node === id ? this.#serve(body) : rpc(node, body, { timeoutMs: PHASE_MS });
    answer.then((given) => this.#hear(node, given), ignoreTimeout);
  }

  #hear(node: string, answer: JsonObject): void {
    if (this.#heard.has(node)) return;
    this.#heard.add(node);
    const { homes, need, standInsCount, late } = this.#phase;
    const isHome = homes.includes(node);
    if (isHome && homes.every((home) => this.#heard.has(home))) this.#timers[0]?.cancel();
    if (this.#over) {
      if (isHome) late?.(node, answer);
      return;
    }
    if (!isHome && !standInsCount) return;
    this.#answers.set(node, answer);
    if (this.#answers.size >= need) this.#end(true);
  }

  #end(enough: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#timers[1]?.cancel();
    this.#settle({ enough, answers: this.#answers });
  }
}
