/** The algorithm that a client of Redlock runs, on the clock of its own machine. */

import type { JsonObject } from "../../src/base/json.js";
import { majorityOf } from "../../src/base/majority.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { type Answers, count, gather, isDecided } from "../locks/gather.js";
import type { Held, Lock } from "../locks/lock.js";
import { guardMs, spanOf } from "../locks/rules.js";
import { Instance } from "./instance.js";

/** "After a random delay, to desynchronise multiple clients" (Redis documentation). */
const RETRY_MS = { min: 10, max: 80 };

export class Redlock implements Lock {
  readonly #context: NodeContext;
  readonly #instance: Instance;
  readonly #ttlMs: number;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#instance = new Instance(context);
    this.#ttlMs = spanOf("ttlMs", context.options["ttlMs"]);
  }

  async acquire(key: string, asker: string, untilMs: number): Promise<Held | undefined> {
    const { clock, probe, random, sleep } = this.#context;
    while (clock.monotonicMs() < untilMs) {
      // A value for every attempt: the late unlock of one that failed must not undo the next.
      const value = `${asker}/${random.int(2 ** 32)}`;
      const held = await this.#attempt(key, value);
      if (held !== undefined) return held;
      probe("an attempt found no majority of instances");
      void this.#unlock(key, value);
      await sleep(random.between(RETRY_MS.min, RETRY_MS.max));
    }
    return undefined;
  }

  async release(key: string, { owner }: Pick<Held, "owner">): Promise<boolean> {
    const answers = await this.#unlock(key, owner);
    return count(answers).yes >= this.#majority;
  }

  serve(body: JsonObject): Promise<JsonObject> | undefined {
    return this.#instance.serve(body);
  }

  async #attempt(key: string, value: string): Promise<Held | undefined> {
    const { clock, bugs, probe } = this.#context;
    const ttlMs = this.#ttlMs;
    const startMs = clock.monotonicMs();
    const answers = await this.#ask({ type: "set", key, value, ttlMs });
    if (count(answers).yes < this.#majority) return undefined;
    const token = highestFence(answers);
    if (count(await this.#ask({ type: "raise", key, fence: token })).yes < this.#majority) {
      return undefined;
    }
    const elapsedMs = clock.monotonicMs() - startMs;
    if (bugs.has("elapsed-ignored")) {
      return { token, owner: value, sinceMs: startMs + elapsedMs, leaseMs: ttlMs };
    }
    if (elapsedMs >= ttlMs - guardMs(ttlMs)) {
      probe("a lease was over before its holder knew of it");
      return undefined;
    }
    return { token, owner: value, sinceMs: startMs, leaseMs: ttlMs };
  }

  /** At all instances, those too that did not answer: they may have set the key all the same. */
  #unlock(key: string, value: string): Promise<Answers> {
    return this.#ask({ type: "unlock", key, value });
  }

  #ask(body: JsonObject): Promise<Answers> {
    return gather(this.#context, {
      body,
      serve: (own) => this.#instance.serve(own)!,
      enough: (answers) => isDecided(answers, this.#majority, this.#context.nodes.length),
    });
  }

  get #majority(): number {
    return majorityOf(this.#context.nodes.length);
  }
}

function highestFence(answers: Answers): number {
  let highest = 0;
  for (const { fence } of answers.values()) highest = Math.max(highest, Number(fence ?? 0));
  return highest;
}
