/**
 * What the locks protect: counters that take a write only under a token that nobody has overtaken.
 *
 * A lease can run out unnoticed: its holder was paused, or its write was under way for long. Only the
 * resource itself can tell, if every write brings the token of its lock and the resource refuses what
 * is older than something it has seen (fencing; Kleppmann, "How to do distributed locking", 2016).
 *
 * The store is replicated, so that it is there while a majority is. A change reads under its token at
 * a majority, which from then on refuses older ones, and writes what it made of the latest value at a
 * majority: a Paxos register whose ballots are tokens (CASPaxos, Rystsov 2018). So the counters are
 * safe even if the lock is not, and the lock only keeps holders out of each other's way. Changes under
 * one token (of one client, through several nodes) are told apart by round and writer.
 *
 * A request that arrives twice counts once: the value remembers the last request of each client, who
 * has one open at a time and numbers them upwards. Reads are for the end, when all is quiet: they
 * show everything acknowledged, but two of them may disagree about what is under way.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { majorityOf } from "../../src/base/majority.js";
import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { type Answers, count, gather } from "./gather.js";

type Ballot = { token: number; round: number; writer: string };
type Counted = { count: number; last: { [client: string]: number } };
type Copy = { promised: Ballot; accepted: Ballot; value: Counted };

const never: Ballot = { token: 0, round: 0, writer: "" };
const untouched: Copy = { promised: never, accepted: never, value: { count: 0, last: {} } };

export interface Request {
  client: string;
  number: number;
}

export interface StoreOptions {
  /** False: it takes whatever comes last. */
  checkTokens: boolean;
}

function isAfter(left: Ballot, right: Ballot): boolean {
  if (left.token !== right.token) return left.token > right.token;
  if (left.round !== right.round) return left.round > right.round;
  return left.writer > right.writer;
}

export class GuardedStore {
  readonly #context: NodeContext;
  readonly #options: StoreOptions;

  constructor(context: NodeContext, options: StoreOptions) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * Adds one to the counter, and says what it is then; undefined when nobody can know.
   * @throws Refusal when it certainly did not and will not.
   */
  async increment(key: string, token: number, request: Request): Promise<number | undefined> {
    // Not the request: a copy of it, after a crash, is another change that may meet this one.
    const writer = `${this.#context.id}/${this.#context.random.int(2 ** 32)}`;
    let round = 1;
    for (;;) {
      const ballot = { token, round, writer };
      const answers = await this.#atMajority({ type: "prepare", key, ballot });
      const highest = latest(answers, "promised");
      if (this.#options.checkTokens && highest.token > token) {
        this.#context.probe("the store refused a stale token");
        const text = `token ${token} is older than ${highest.token}`;
        throw new Refusal(errorCodes.preconditionFailed, text);
      }
      if (count(answers).yes >= this.#majority) {
        return this.#write(key, ballot, latestValue(answers), request);
      }
      if (highest.token < token || highest.round < round) {
        throw new Refusal(errorCodes.temporarilyUnavailable, "no majority of the store answered");
      }
      this.#context.probe("two changes under one token met");
      round = highest.round + 1;
    }
  }

  /** The counter at a majority; undefined when none answered. */
  async read(key: string): Promise<number | undefined> {
    const answers = await this.#atMajority({ type: "look", key });
    return answers.size < this.#majority ? undefined : latestValue(answers).count;
  }

  /** A replica's part. */
  serve(body: JsonObject): Promise<JsonObject> | undefined {
    const key = String(body["key"]);
    switch (body["type"]) {
      case "look":
        return this.#look(key);
      case "prepare":
        return this.#prepare(key, body["ballot"] as Ballot);
      case "accept":
        return this.#accept(key, body["ballot"] as Ballot, body["value"] as Counted);
      default:
        return undefined;
    }
  }

  get #majority(): number {
    return majorityOf(this.#context.nodes.length);
  }

  async #write(
    key: string,
    ballot: Ballot,
    { count: before, last }: Counted,
    { client, number }: Request,
  ): Promise<number | undefined> {
    if (number <= (last[client] ?? 0)) {
      this.#context.probe("the store met a duplicate request");
      return undefined;
    }
    const value = { count: before + 1, last: { ...last, [client]: number } };
    const answers = await this.#atMajority({ type: "accept", key, ballot, value });
    // Refused by some, it may still be taken by others: that is for later readers to find out.
    return count(answers).yes >= this.#majority ? value.count : undefined;
  }

  #atMajority(body: JsonObject): Promise<Answers> {
    const isOver = (answers: Answers): boolean => {
      const { yes, no } = count(answers);
      return yes >= this.#majority || no > 0;
    };
    return gather(this.#context, { body, serve: (own) => this.serve(own)!, enough: isOver });
  }

  async #look(key: string): Promise<JsonObject> {
    const { accepted, value } = this.#copy(key);
    await this.#context.disk.fsync();
    return { type: "look_ok", ok: true, accepted, value };
  }

  async #prepare(key: string, ballot: Ballot): Promise<JsonObject> {
    const copy = this.#copy(key);
    const { promised, accepted, value } = copy;
    if (this.#options.checkTokens) {
      const isSame = ballot.writer === promised.writer && ballot.round === promised.round;
      if (!isAfter(ballot, promised) && !(isSame && ballot.token === promised.token)) {
        return { type: "prepare_ok", ok: false, promised };
      }
      this.#keep(key, { ...copy, promised: ballot });
    }
    await this.#context.disk.fsync();
    return { type: "prepare_ok", ok: true, accepted, value };
  }

  async #accept(key: string, ballot: Ballot, value: Counted): Promise<JsonObject> {
    const { promised } = this.#copy(key);
    if (this.#options.checkTokens && isAfter(promised, ballot)) {
      return { type: "accept_ok", ok: false, promised };
    }
    this.#keep(key, { promised: ballot, accepted: ballot, value });
    await this.#context.disk.fsync();
    return { type: "accept_ok", ok: true };
  }

  #copy(key: string): Copy {
    return (this.#context.disk.read(`store/${key}`) as Copy | undefined) ?? untouched;
  }

  #keep(key: string, copy: Copy): void {
    this.#context.disk.write(`store/${key}`, copy as unknown as Json);
  }
}

/** The highest ballot that answers name under `field`. */
function latest(answers: Answers, field: "promised" | "accepted"): Ballot {
  let result = never;
  for (const answer of answers.values()) {
    const ballot = answer[field] as Ballot | undefined;
    if (ballot !== undefined && isAfter(ballot, result)) result = ballot;
  }
  return result;
}

function latestValue(answers: Answers): Counted {
  const highest = latest(answers, "accepted");
  for (const { accepted, value } of answers.values()) {
    if (accepted !== undefined && !isAfter(highest, accepted as Ballot)) return value as Counted;
  }
  return untouched.value;
}
