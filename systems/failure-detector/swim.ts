/**
 * SWIM (Das, Gupta, Motivala 2002) with suspicion and incarnations.
 *
 * Each period a member pings one other, each in turn in a shuffled order; without an acknowledgement it
 * asks two others to ping it, so that one bad link condemns nobody, and pings it once more itself, and
 * again for each helper that it lacks, so that no lost message does (as memberlist does, over TCP). Who
 * answers in no way is suspected, and dead when nobody objects in time. News of members travels on every message. A suspicion bears the
 * incarnation of its subject, and the subject alone may raise it: that is how it objects, also to being
 * dead. The dead are pinged at times, so that both sides of a healed partition find each other again.
 *
 * Load is one ping a period and member, whatever their number; here every message carries the whole
 * table instead of the latest changes, since clusters are small.
 */

import { isJsonObject, type JsonObject } from "../../src/base/json.js";
import type { Detector, DetectorPromise, Station } from "./detector.js";
import type { State } from "./opinions.js";
import type { DetectorProbe } from "./probes.js";
import { pulse } from "./pulse.js";

const PERIOD_MS = 250;
const ACK_MS = 100;
const HELPERS = 2;
const SUSPICION_MS = 1_500;
/** Every so many periods the dead are pinged. */
const DEAD_ROUNDS = 3;

interface Member {
  boot: number;
  incarnation: number;
  state: State;
  /** When a suspect is taken for dead. */
  deadAtMs: number;
}

const RANK: { readonly [state in State]: number } = { alive: 0, suspect: 1, dead: 2 };

export class Swim implements Detector {
  readonly promise: DetectorPromise;
  readonly #station: Station;
  readonly #members = new Map<string, Member>();
  #incarnation = 0;
  /** How many messages of each came straight from it. */
  readonly #heard = new Map<string, number>();
  #turn: string[] = [];
  #round = 0;
  #probe: { target: string; acknowledged: boolean } | undefined;

  constructor(station: Station) {
    this.#station = station;
    // In the worst order a member is the last of one round and the last of the next.
    const detectWithinMs = 2 * station.context.nodes.length * PERIOD_MS + 3 * PERIOD_MS;
    this.promise = { detectWithinMs, toleratesMs: 70, relays: true };
  }

  start(): void {
    for (const peer of this.#station.context.peers) {
      this.#members.set(peer, { boot: 0, incarnation: 0, state: "alive", deadAtMs: 0 });
    }
    pulse(this.#station, PERIOD_MS, (stoodStillMs) => this.#period(stoodStillMs));
  }

  receive(from: string, body: JsonObject): void {
    this.#station.opinions.reach(from, true);
    this.#heard.set(from, (this.#heard.get(from) ?? 0) + 1);
    this.#learn(body["table"]);
    const { target, by } = body;
    switch (body["type"]) {
      case "ping":
        this.#send(from, { type: "ack", ...(by === undefined ? {} : { by }) });
        break;
      case "ping-req":
        if (this.#members.has(String(target))) {
          this.#send(String(target), { type: "ping", by: from });
        }
        break;
      case "ack":
        if (typeof by === "string") this.#send(by, { type: "ack-for", target: from });
        else this.#acknowledge(from);
        break;
      case "ack-for":
        this.#saved(String(target));
        break;
    }
  }

  #period(stoodStillMs: number): void {
    const { nowMs } = this.#station;
    const probe = this.#probe;
    if (stoodStillMs > 0) {
      for (const member of this.#members.values()) member.deadAtMs += stoodStillMs;
    } else if (probe !== undefined && !probe.acknowledged) this.#suspect(probe.target);
    for (const [name, member] of this.#members) {
      if (member.state === "suspect" && nowMs() >= member.deadAtMs) {
        this.#said("a suspicion became death");
        this.#adopt(name, { ...member, state: "dead" });
      }
    }
    this.#round++;
    this.#ping(this.#next());
    if (this.#round % DEAD_ROUNDS === 0) {
      const dead = [...this.#members.keys()].filter((name) => this.#stateOf(name) === "dead");
      for (const name of dead) this.#call(name);
    }
  }

  #next(): string | undefined {
    const { random, peers } = this.#station.context;
    const isDue = (name: string): boolean => this.#stateOf(name) !== "dead";
    this.#turn = this.#turn.filter(isDue);
    if (this.#turn.length === 0) this.#turn = random.shuffle(peers).filter(isDue);
    return this.#turn.pop();
  }

  #ping(target: string | undefined): void {
    this.#probe = undefined;
    if (target === undefined) return;
    const probe = { target, acknowledged: false };
    this.#probe = probe;
    this.#send(target, { type: "ping" });
    this.#station.context.after(ACK_MS, () => {
      if (probe.acknowledged || this.#probe !== probe) return;
      this.#station.opinions.reach(target, false);
      if (!this.#station.context.bugs.has("no-indirect-probe")) this.#tryHarder(target);
    });
  }

  /** Pings one of the dead: whether it lives is up to itself, whether it can be reached is seen here. */
  #call(name: string): void {
    const heard = this.#heard.get(name);
    this.#send(name, { type: "ping" });
    this.#station.context.after(ACK_MS, () => {
      if (this.#heard.get(name) === heard) this.#station.opinions.reach(name, false);
    });
  }

  #tryHarder(target: string): void {
    const { random, peers } = this.#station.context;
    const others = peers.filter((peer) => peer !== target && this.#stateOf(peer) !== "dead");
    const helpers = random.sample(others, Math.min(HELPERS, others.length));
    for (const helper of helpers) this.#send(helper, { type: "ping-req", target });
    for (let i = helpers.length; i <= HELPERS; i++) this.#send(target, { type: "ping" });
  }

  #acknowledge(from: string): void {
    if (this.#probe?.target === from) this.#probe.acknowledged = true;
  }

  #saved(target: string): void {
    if (this.#probe?.target !== target || this.#probe.acknowledged) return;
    this.#probe.acknowledged = true;
    this.#said("an indirect probe saved a member");
  }

  #suspect(name: string): void {
    const member = this.#members.get(name);
    if (member?.state !== "alive") return;
    this.#adopt(name, { ...member, state: "suspect" });
  }

  #learn(table: unknown): void {
    if (!Array.isArray(table)) return;
    for (const row of table) {
      if (!isJsonObject(row)) continue;
      const [name, boot, incarnation] = [
        String(row["node"]),
        Number(row["boot"]),
        Number(row["inc"]),
      ];
      const news = { boot, incarnation, state: row["state"] as State };
      if (name === this.#station.context.id) this.#defend(news);
      else this.#weigh(name, news);
    }
  }

  /** Whoever is said to be suspect, or dead, says that it lives, in a later incarnation. */
  #defend({ boot, incarnation, state }: Omit<Member, "deadAtMs">): void {
    if (state === "alive" || boot !== this.#station.boot || incarnation < this.#incarnation) return;
    if (this.#station.context.bugs.has("cannot-refute")) return;
    this.#incarnation = incarnation + 1;
    this.#said("a suspicion was refuted");
  }

  /** Later lives and incarnations count; of one incarnation, the worse news. */
  #weigh(name: string, news: Omit<Member, "deadAtMs">): void {
    const known = this.#members.get(name);
    if (known === undefined) return;
    const order =
      news.boot - known.boot ||
      news.incarnation - known.incarnation ||
      RANK[news.state] - RANK[known.state];
    if (order > 0) this.#adopt(name, news);
  }

  #adopt(name: string, news: Omit<Member, "deadAtMs">): void {
    const { opinions, nowMs } = this.#station;
    this.#members.set(name, { ...news, deadAtMs: nowMs() + SUSPICION_MS });
    opinions.lives(name, news.boot);
    opinions.set(name, news.state);
  }

  #stateOf(name: string): State {
    return this.#members.get(name)?.state ?? "dead";
  }

  #send(to: string, body: JsonObject): void {
    const { context, boot, tell } = this.#station;
    const others = [...this.#members].map(([node, { boot, incarnation, state }]) => ({
      node,
      boot,
      inc: incarnation,
      state,
    }));
    const own = { node: context.id, boot, inc: this.#incarnation, state: "alive" };
    tell(to, { ...body, table: [own, ...others] });
  }

  #said(name: DetectorProbe): void {
    this.#station.context.probe(name);
  }
}
