/** The holder's side of a quorum lock: asks for grants until a quorum has given them. */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { type Answers, count, gather, isDecided } from "../locks/gather.js";
import { Granter } from "../locks/granter.js";
import type { Held, Lock } from "../locks/lock.js";
import { guardMs, quorumOf, spanOf } from "../locks/rules.js";

/** Between two attempts, at random, so that those who wait do not split the replicas again. */
const BACK_OFF_MS = { min: 10, max: 60 };

export class QuorumLock implements Lock {
  readonly #context: NodeContext;
  readonly #granter: Granter;
  readonly #quorum: number;
  readonly #leaseMs: number;
  /** Tokens that others were refused for, or granted, as far as heard. */
  readonly #heard = new Map<string, number>();

  constructor(context: NodeContext, quorum = sizeOf(context)) {
    const { bugs, options } = context;
    this.#context = context;
    this.#granter = new Granter(context, {
      keepTokens: !bugs.has("tokens-in-memory"),
      checkOwner: !bugs.has("owner-unchecked"),
    });
    this.#quorum = quorum;
    this.#leaseMs = spanOf("leaseMs", options["leaseMs"]);
  }

  async acquire(key: string, asker: string, untilMs: number): Promise<Held | undefined> {
    const { clock, probe, random, sleep } = this.#context;
    while (clock.monotonicMs() < untilMs) {
      // An owner for every attempt: what one that failed gives back late must not be the next one's.
      const held = await this.#attempt(key, `${asker}/${random.int(2 ** 32)}`);
      if (held !== undefined) {
        const runsOutMs = held.sinceMs + this.#leaseMs - guardMs(this.#leaseMs);
        if (clock.monotonicMs() < runsOutMs) return held;
        probe("a lease was over before its holder knew of it");
        void this.release(key, held);
      }
      await sleep(random.between(BACK_OFF_MS.min, BACK_OFF_MS.max));
    }
    return undefined;
  }

  async release(key: string, { token, owner }: Pick<Held, "token" | "owner">): Promise<boolean> {
    const answers = await this.#ask({ type: "give-back", key, token, owner });
    return count(answers).yes >= this.#quorum;
  }

  serve(body: JsonObject): Promise<JsonObject> | undefined {
    return this.#granter.serve(body);
  }

  /** One round under a new token; what it was granted without a quorum is given back. */
  async #attempt(key: string, owner: string): Promise<Held | undefined> {
    const { clock, bugs, probe } = this.#context;
    const token = Math.max(this.#granter.highest(key), this.#heard.get(key) ?? 0) + 1;
    const askedMs = clock.monotonicMs();
    const leaseMs = this.#leaseMs;
    const answers = await this.#ask({ type: "grant", key, owner, token, leaseMs });
    for (const { highest } of answers.values()) {
      this.#heard.set(key, Math.max(this.#heard.get(key) ?? 0, Number(highest ?? 0)));
    }
    if (count(answers).yes >= this.#quorum) {
      // Grantors count from when they were asked, however long their answers took.
      const sinceMs = bugs.has("lease-not-rechecked") ? clock.monotonicMs() : askedMs;
      return { token, owner, sinceMs, leaseMs };
    }
    probe("a round for the lock found no quorum");
    void this.release(key, { token, owner });
    return undefined;
  }

  #ask(body: JsonObject): Promise<Answers> {
    return gather(this.#context, {
      body,
      serve: (own) => this.#granter.serve(own)!,
      enough: (answers) => isDecided(answers, this.#quorum, this.#context.nodes.length),
    });
  }
}

/** How many must grant it. */
function sizeOf({ bugs, nodes, options }: NodeContext): number {
  if (bugs.has("half-quorum")) return Math.floor(nodes.length / 2);
  return quorumOf(options["quorum"], nodes.length);
}
