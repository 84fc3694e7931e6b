/** A node that grants the leadership to others, and asks for it itself. */

import { UsageError } from "../../src/base/errors.js";
import type { JsonObject } from "../../src/base/json.js";
import { majorityOf } from "../../src/base/majority.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
  RpcTimeout,
} from "../../src/hosts/ts/node.js";
import { type Answers, count, gather, isDecided } from "../locks/gather.js";
import { Granter } from "../locks/granter.js";
import { guardMs, spanOf } from "../locks/rules.js";

const KEY = "leader";
/** Who waits for a lease to run out begins soon after, but not all at once. */
const FIRST_DELAY_MS = 12;
const BACK_OFF_MS = { min: 20, max: 120 };
const FORWARD_MS = 300;
/** What a leader may trust of its lease at least: time to be granted it, to renew it and to lead. */
const TRUSTED_MIN_MS = 50;

export class LeaseNode implements Node {
  readonly #context: NodeContext;
  readonly #granter: Granter;
  readonly #leaseMs: number;
  readonly #periodMs: number;
  readonly #guardMs: number;
  /** The highest term, and the leader, that others told of when they refused. */
  #heard = 0;
  #hint: string | undefined;
  /** How long they said that they would grant to nobody else. */
  #busyMs = 0;
  /** The term that this node leads, or led last, and until when by the clock it trusts. */
  #term = 0;
  #untilMs = 0;
  /** What its grants of the present campaign go by. */
  #name = "";
  /** Counts campaigns: a timer of an earlier one has nothing to say. */
  #campaign = 0;

  constructor(context: NodeContext) {
    const { bugs, options } = context;
    this.#context = context;
    this.#granter = new Granter(context, { keepTokens: true, checkOwner: true });
    this.#leaseMs = spanOf("leaseMs", options["leaseMs"]);
    this.#guardMs = bugs.has("no-guard")
      ? 0
      : Math.max(Number(options["guardMs"]), guardMs(this.#leaseMs));
    const trustedMs = this.#leaseMs - this.#guardMs;
    if (trustedMs < TRUSTED_MIN_MS) {
      throw new UsageError(
        `a guard of ${this.#guardMs} ms leaves less than ${TRUSTED_MIN_MS} ms of leaseMs=${this.#leaseMs}: take a longer lease`,
      );
    }
    // Who asks later than at half time is often no leader any more when the answer comes.
    const periodMs = spanOf("periodMs", options["periodMs"], 10);
    this.#periodMs = Math.min(periodMs, trustedMs >> 1);
  }

  start(): void {
    this.#waitForChance(0, BACK_OFF_MS.max);
  }

  onMessage({ src, body }: Message): Promise<JsonObject | undefined> | JsonObject | undefined {
    const isPeer = this.#context.nodes.includes(src);
    if (body["type"] === "lead") return isPeer ? this.#lead() : this.#answer();
    const served = isPeer ? this.#granter.serve(body) : undefined;
    if (served !== undefined) return served;
    throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
  }

  /** True while this node may believe that nobody else leads. */
  get #leads(): boolean {
    return this.#nowMs() < this.#untilMs;
  }

  /** The clock that leases are counted by. */
  #nowMs(): number {
    const { bugs, clock } = this.#context;
    return bugs.has("wall-clock-lease") ? clock.wallMs() : clock.monotonicMs();
  }

  #lead(): JsonObject {
    if (!this.#leads) throw new Refusal(errorCodes.temporarilyUnavailable, "does not lead");
    this.#observe();
    return { type: "lead_ok", leader: this.#context.id, term: this.#term };
  }

  /** For a client: by this node if it leads, or by whom it granted the leadership. */
  async #answer(): Promise<JsonObject> {
    if (this.#leads) return this.#lead();
    const owner = (this.#granter.owner(KEY) ?? this.#hint)?.split("/")[0];
    if (owner === undefined || owner === this.#context.id) return this.#lead();
    try {
      return await this.#context.rpc(owner, { type: "lead" }, { timeoutMs: FORWARD_MS });
    } catch (error) {
      if (!(error instanceof RpcTimeout)) throw error;
      throw new Refusal(errorCodes.temporarilyUnavailable, `no answer from ${owner}`);
    }
  }

  /** A campaign as soon as this node, as a grantor, is free to grant. */
  #waitForChance(leastMs: number, spreadMs: number): void {
    const campaign = ++this.#campaign;
    const { random } = this.#context;
    const waitMs = Math.max(leastMs, this.#granter.busyMs(KEY)) + random.int(spreadMs + 1);
    this.#context.after(waitMs, () => {
      if (campaign !== this.#campaign) return undefined;
      if (this.#granter.busyMs(KEY) === 0) return this.#stand();
      return this.#waitForChance(0, FIRST_DELAY_MS);
    });
  }

  async #stand(): Promise<void> {
    const term = Math.max(this.#granter.highest(KEY), this.#heard) + 1;
    // A name for every campaign: what a lost one gives back late must not be the next one's.
    this.#name = `${this.#context.id}/${this.#context.random.int(2 ** 32)}`;
    if (await this.#ask(term)) {
      this.#context.probe("a leader was elected");
      this.#observe();
      this.#renewLater(term);
      return;
    }
    this.#context.probe("a candidate found no quorum");
    void this.#gather({ type: "give-back", key: KEY, owner: this.#name, token: term });
    this.#waitForChance(BACK_OFF_MS.min + this.#busyMs, BACK_OFF_MS.max);
  }

  #renewLater(term: number): void {
    const { after, probe } = this.#context;
    const campaign = ++this.#campaign;
    after(this.#periodMs, async () => {
      if (campaign !== this.#campaign || !this.#leads) return;
      if (await this.#ask(term)) {
        probe("a lease was renewed");
        this.#observe();
      }
      if (this.#leads) this.#renewLater(term);
    });
    this.#watchEnd(campaign);
  }

  /** Records the belief once more just before it ends, and what comes after it. */
  #watchEnd(campaign: number): void {
    const { after, probe } = this.#context;
    const leftMs = this.#untilMs - this.#nowMs();
    after(Math.max(0, leftMs - 1), () => {
      if (campaign === this.#campaign && this.#leads) this.#observe();
    });
    after(Math.max(1, leftMs), () => {
      if (campaign !== this.#campaign) return;
      if (this.#leads) {
        this.#watchEnd(campaign);
        return;
      }
      probe("a lease ran out");
      this.#waitForChance(0, FIRST_DELAY_MS);
    });
  }

  /** Asks all for the term, or for more time in it; true when a quorum has granted. */
  async #ask(term: number): Promise<boolean> {
    const { bugs } = this.#context;
    const askedMs = this.#nowMs();
    const body = {
      type: "grant",
      key: KEY,
      owner: this.#name,
      token: term,
      leaseMs: this.#leaseMs,
    };
    const answers = await this.#gather(body);
    this.#listen(answers);
    if (count(answers).yes < this.#quorum) return false;
    const sinceMs = bugs.has("lease-from-receipt") ? this.#nowMs() : askedMs;
    const untilMs = sinceMs + this.#leaseMs - this.#guardMs;
    if (untilMs <= this.#nowMs()) return false;
    this.#untilMs = this.#term === term ? Math.max(this.#untilMs, untilMs) : untilMs;
    this.#term = term;
    return true;
  }

  #listen(answers: Answers): void {
    this.#busyMs = 0;
    for (const { highest, busyMs, owner } of answers.values()) {
      this.#heard = Math.max(this.#heard, Number(highest ?? 0));
      if (Number(busyMs ?? 0) <= this.#busyMs) continue;
      this.#busyMs = Number(busyMs);
      this.#hint = typeof owner === "string" ? owner : undefined;
    }
  }

  #gather(body: JsonObject): Promise<Answers> {
    const question = {
      body,
      serve: (own: JsonObject) => this.#granter.serve(own)!,
      enough: (answers: Answers) => isDecided(answers, this.#quorum, this.#context.nodes.length),
    };
    return gather(this.#context, question, this.#leaseMs);
  }

  get #quorum(): number {
    const { bugs, nodes } = this.#context;
    return bugs.has("half-quorum") ? Math.floor(nodes.length / 2) : majorityOf(nodes.length);
  }

  #observe(): void {
    this.#context.observe("leader", { term: this.#term });
  }
}
