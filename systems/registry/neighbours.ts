/**
 * A node's place on the ring (Stoica, Morris, Karger, Kaashoek, Balakrishnan 2001, "Chord"): a list of
 * successors, so that it survives the loss of the first ones, and a predecessor.
 *
 * As published, the ring can come apart and stay so (Zave 2012). What is corrected here follows Zave
 * 2017, "Reasoning about identifier spaces: how to make Chord correct":
 *
 * - stabilise: a closer successor that the present one names is asked before it is taken over, and with
 *   it comes its whole list, at once; so it does when a node joins;
 * - rectify: who says that it is the predecessor takes the place of one that does not answer any more.
 *
 * Chord takes for granted that who does not answer is dead. Here it may be cut off, and both halves close
 * their rings; as merging rings needs somebody who knows of both (Shafaat, Ghodsi, Haridi 2007), each
 * node asks those of its configuration in turn whether they lie closer than its own neighbours.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { answerOf } from "../answers.js";
import { idOf, isBetween } from "./ids.js";
import type { RegistryProbe } from "./probes.js";

export const SUCCESSORS = 3;
const PERIOD_MS = 100;
const ANSWER_MS = 150;
/** Questions to a successor that go without an answer until it is given up. */
const SILENCES = 2;

export class Neighbours {
  readonly id: number;
  readonly #context: NodeContext;
  /** Nearest first, without this node; empty where it is alone. */
  #successors: readonly string[] = [];
  #predecessor: string | undefined;
  #silences = 0;
  #turn = 0;
  #shown: string | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
    this.id = idOf(context.id);
  }

  get successors(): readonly string[] {
    return this.#successors;
  }

  get predecessor(): string | undefined {
    return this.#predecessor;
  }

  /** The first ring is as configured: the members, in the order of their identifiers. */
  form(): void {
    const { members } = this.#context;
    this.#follow(inOrder(this.id, members));
    this.#predecessor = inOrder(this.id, members).at(-1);
    this.#begin();
  }

  /** Takes its place before the node that was found to be its successor; alone where none was. */
  async join(successor: string | undefined): Promise<void> {
    this.#context.probe("a node joined the ring again" satisfies RegistryProbe);
    if (successor !== undefined && successor !== this.#context.id) {
      const list = this.#isCorrected ? await this.#listOf(successor) : [successor];
      if (list !== undefined) this.#follow(list);
    }
    this.#begin();
  }

  /** What others ask of it. */
  answer(src: string): JsonObject {
    if (this.#isCorrected) this.#meet(src);
    return {
      type: "neighbours_ok",
      successors: [...this.#successors],
      predecessor: this.#predecessor ?? null,
    };
  }

  /** Rectify: somebody holds this node to be its successor. */
  async notified(src: string): Promise<void> {
    const predecessor = this.#predecessor;
    if (predecessor === src) return;
    if (predecessor === undefined || isBetween(idOf(src), idOf(predecessor), this.id)) {
      this.#predecessor = src;
    } else if (this.#isCorrected && (await this.#ask(predecessor)) === undefined) {
      if (this.#predecessor === predecessor) this.#predecessor = src;
    }
    if (this.#successors.length === 0) this.#follow([src]);
  }

  get #isCorrected(): boolean {
    return !this.#context.bugs.has("stabilise-as-published");
  }

  #begin(): void {
    const { after, observe } = this.#context;
    const round = async (): Promise<void> => {
      after(PERIOD_MS, round);
      await this.#stabilise();
      if (this.#isCorrected) await this.#lookAround();
      const successor = this.#successors[0] ?? this.#context.id;
      if (successor !== this.#shown) observe("ring", { id: this.id, successor });
      this.#shown = successor;
    };
    after(0, round);
  }

  async #stabilise(): Promise<void> {
    const [first] = this.#successors;
    if (first === undefined) return;
    const answer = await this.#ask(first);
    if (first !== this.#successors[0]) return;
    if (answer === undefined) {
      this.#giveUp(first);
      return;
    }
    this.#silences = 0;
    const list = [first, ...namesIn(answer["successors"])];
    this.#follow(list);
    const closer = answer["predecessor"];
    if (typeof closer === "string" && isBetween(idOf(closer), this.id, idOf(first))) {
      const closerList = this.#isCorrected ? await this.#listOf(closer) : [closer, ...list];
      if (closerList !== undefined) this.#follow(closerList);
    }
    const [successor] = this.#successors;
    if (successor !== undefined) this.#context.send(successor, { type: "notify" });
  }

  #giveUp(silent: string): void {
    this.#silences++;
    if (this.#silences < SILENCES) return;
    this.#silences = 0;
    this.#context.probe("a node gave up its successor" satisfies RegistryProbe);
    this.#successors = this.#successors.filter((name) => name !== silent);
    if (this.#predecessor === silent) this.#predecessor = undefined;
  }

  /** One of those that it might have lost sight of, in turn. */
  async #lookAround(): Promise<void> {
    const { peers } = this.#context;
    const other = peers[this.#turn++ % Math.max(1, peers.length)];
    if (other === undefined || this.#successors.includes(other)) return;
    if ((await this.#ask(other)) !== undefined) this.#meet(other);
  }

  /** Somebody who is there now: perhaps closer than the neighbours that this node knows. */
  #meet(other: string): void {
    const [first = this.#context.id] = this.#successors;
    const last = this.#predecessor ?? this.#context.id;
    const isCloser = isBetween(idOf(other), this.id, idOf(first));
    if (isCloser) this.#follow([other, ...this.#successors]);
    const precedes = isBetween(idOf(other), idOf(last), this.id);
    if (precedes) this.#predecessor = other;
    if (!isCloser && !precedes) return;
    this.#context.probe("a neighbour unknown to the ring was found" satisfies RegistryProbe);
  }

  /** The node itself and those after it, if it is there. */
  async #listOf(name: string): Promise<string[] | undefined> {
    const answer = await this.#ask(name);
    return answer === undefined ? undefined : [name, ...namesIn(answer["successors"])];
  }

  #follow(list: readonly string[]): void {
    const others = [...new Set(list)].filter((name) => name !== this.#context.id);
    this.#successors = others.slice(0, SUCCESSORS);
  }

  #ask(name: string): Promise<JsonObject | undefined> {
    return answerOf(this.#context, name, { type: "neighbours" }, ANSWER_MS);
  }
}

/** The others, clockwise from an identifier. */
function inOrder(id: number, names: readonly string[]): string[] {
  const others = names.filter((name) => idOf(name) !== id);
  return others.sort((a, b) => ((idOf(a) - id) >>> 0) - ((idOf(b) - id) >>> 0));
}

function namesIn(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
