/**
 * A service registry: who is there is found, who is gone is not, in time.
 *
 * The service says in the history what it promises: `registry` with `{leaseMaxMs, staleMs}`. A lookup
 * may then answer with any state that there was from `staleMs` before it began until it returned, and a
 * lease lasts from what its holder was told to `leaseMaxMs`. An instance that was surely there all that
 * time must be listed; one that was surely not there at any moment of it must not. Ends are final: a
 * name is registered once. Whatever is in doubt (requests of unknown outcome, leases at their end,
 * leases that a restarted registry gave anew) accuses nobody.
 *
 * Where no staleness is promised (null, or nothing said), only final lookups count: of instances without
 * a lease, all that are acknowledged and no other; of leases none, once they have had time to run out.
 * Final lookups of different nodes must agree, and the ring that nodes say they form must be one.
 *
 * Each instance is judged by itself: that the whole list was so at one moment is not asked for.
 * O(lookups times instances of the service).
 */

import type { History, HistoryEvent, Operation } from "../../histories/history.js";
import { canonical, isJsonObject, type Json } from "../../src/base/json.js";
import type { Checker, Verdict } from "../checker.js";
import { indexes, ms, show, who } from "../describe.js";
import { Findings } from "../findings.js";
import {
  acknowledgedEnd,
  firstGrantAfter,
  grantedUntilNs,
  type Life,
  lifeName,
  livesOf,
  longestGrant,
  possibleUntilNs,
  promisedUntilNs,
} from "./lives.js";
import { brokenRing } from "./ring.js";

export const registry: Checker = {
  name: "registry",
  summary: "who is registered is found in time, and nobody else; nodes agree in the end",
  anomalies: {
    "live-instance-evicted":
      "a lookup misses an instance that had been found before and was there all the time that the answer may show",
    "lost-instance":
      "a lookup misses an instance that was acknowledged long enough before, and that nobody has found yet",
    "stale-route":
      "a lookup lists an instance later than promised after it was deregistered or its lease ran out",
    "zombie-instance":
      "an instance that is gone is listed by a node that had answered without it, or its heartbeat taken: it came back",
    "phantom-instance": "a lookup lists an instance that nobody has asked to register",
    "broken-ring":
      "after healing, the successors that nodes name do not make one ring in the order of their ids",
  },
  check: (history) => new Judgement(history).verdict(),
};

/** After the last change and the last fault, for leases to run out where no staleness is promised. */
const SETTLE_NS = 3e9;

interface Promised {
  leaseMaxNs: number;
  /** Undefined where only the end is promised. */
  staleNs?: number;
}

class Judgement {
  readonly #history: History;
  readonly #findings = new Findings();
  readonly #lives: ReadonlyMap<string, Life>;
  /** The same by service. */
  readonly #under = new Map<string, [name: string, life: Life][]>();
  readonly #promised: Promised;
  readonly #possibleUntilNs = new Map<Life, number>();
  /** By life: lookups that listed it, and that did not though it was in the world, in order. */
  readonly #seen = new Map<Life, { listed: Operation[]; missed: Operation[] }>();
  readonly #quietNs: number;
  #judged = 0;

  constructor(history: History) {
    this.#history = history;
    this.#lives = livesOf(history);
    this.#promised = promiseOf(history);
    const { leaseMaxNs } = this.#promised;
    for (const [name, life] of this.#lives) {
      const service = canonical(life.key);
      this.#under.set(service, [...(this.#under.get(service) ?? []), [name, life]]);
      this.#possibleUntilNs.set(life, possibleUntilNs(life, leaseMaxNs));
      this.#seen.set(life, { listed: [], missed: [] });
    }
    this.#quietNs = quietSinceNs(history) + leaseMaxNs + SETTLE_NS;
  }

  verdict(): Verdict {
    const { operations } = this.#history;
    const lookups = operations
      .filter(({ f, outcome }) => f === "lookup" && outcome === "ok")
      .sort((a, b) => a.completed - b.completed);
    const finals = lookups.filter(({ final }) => final);
    // Told first: the rest follows from it.
    const broken = finals.length > 0 ? brokenRing(this.#history) : undefined;
    if (broken !== undefined) {
      this.#findings.add("broken-ring", () => ({
        message: `the ring is broken after all faults have ended: ${broken.why}`,
        ops: broken.ops,
      }));
    }
    for (const lookup of lookups) this.#judge(lookup);
    this.#agreement(finals);
    const isOpen = this.#judged === 0 && this.#lives.size > 0;
    return this.#findings.verdict(
      { lives: this.#lives.size, lookups: this.#judged },
      isOpen ? "no lookup that a promise covers was answered" : undefined,
    );
  }

  #judge(lookup: Operation): void {
    const listed = new Set<string>();
    for (const instance of namesIn(lookup.output)) {
      const name = lifeName(lookup.key, instance);
      listed.add(name);
      this.#listed(lookup, instance, this.#lives.get(name));
    }
    const isCovered = this.#promised.staleNs !== undefined || lookup.final;
    if (isCovered) this.#judged++;
    for (const [name, life] of this.#under.get(canonical(lookup.key ?? null)) ?? []) {
      if (listed.has(name)) continue;
      if (isCovered) this.#missing(lookup, life);
      const { shown } = life;
      if (shown !== undefined && shown.completed < lookup.invoked) {
        this.#seen.get(life)?.missed.push(lookup);
      }
    }
  }

  #listed(lookup: Operation, instance: Json, life: Life | undefined): void {
    if (life === undefined || life.register.invoked > lookup.completed) {
      this.#findings.add("phantom-instance", () => ({
        message: `${who(lookup)} found ${show(instance)} for service ${show(lookup.key)}, which nobody had asked to register`,
        ops: indexes([lookup]),
      }));
      return;
    }
    if (this.#isGone(lookup, life)) {
      const gone = this.#seen
        .get(life)
        ?.missed.find(({ node, completed }) => node === lookup.node && completed < lookup.invoked);
      const end = acknowledgedEnd(life);
      this.#findings.add(gone === undefined ? "stale-route" : "zombie-instance", () => ({
        message: `${who(lookup)} found ${show(instance)} for service ${show(lookup.key)} at ${ms(lookup.completedAt)}, though ${this.#whyGone(life)}${gone === undefined ? "" : ", and the same node had answered without it"}`,
        ops: indexes([life.register, ...(end ? [end] : []), ...(gone ? [gone] : []), lookup]),
      }));
    }
    this.#seen.get(life)?.listed.push(lookup);
  }

  /** Whether it was there at no moment that the answer may show. */
  #isGone(lookup: Operation, life: Life): boolean {
    const { staleNs } = this.#promised;
    const untilNs = this.#possibleUntilNs.get(life) ?? Number.POSITIVE_INFINITY;
    if (staleNs !== undefined) return untilNs + staleNs < lookup.invokedAt;
    if (!lookup.final) return false;
    const end = acknowledgedEnd(life);
    if (end !== undefined) return end.completed < lookup.invoked;
    return life.leased && this.#quietNs < lookup.invokedAt;
  }

  #whyGone(life: Life): string {
    const end = acknowledgedEnd(life);
    const untilNs = this.#possibleUntilNs.get(life) ?? Number.POSITIVE_INFINITY;
    if (end !== undefined && end.completedAt <= untilNs) {
      return `it was deregistered at ${ms(end.completedAt)}`;
    }
    if (untilNs === Number.POSITIVE_INFINITY) return "its lease had long run out";
    return `its lease had run out at ${ms(untilNs)} at the latest`;
  }

  #missing(lookup: Operation, life: Life): void {
    const { staleNs } = this.#promised;
    const { shown } = life;
    if (shown === undefined || life.ends.some(({ invoked }) => invoked < lookup.completed)) return;
    if (staleNs === undefined) {
      if (life.leased || shown.completed > lookup.invoked) return;
    } else {
      if (shown.completedAt + staleNs >= lookup.invokedAt) return;
      if (promisedUntilNs(life) <= lookup.completedAt) return;
    }
    const before = this.#seen.get(life)?.listed.find(({ completed }) => completed < lookup.invoked);
    const untilNs = this.#possibleUntilNs.get(life) ?? Number.POSITIVE_INFINITY;
    const proof = longestGrant(life, untilNs);
    const revived = firstGrantAfter(life, untilNs);
    if (revived !== undefined && !(proof && grantedUntilNs(proof) > lookup.completedAt)) {
      this.#findings.add("zombie-instance", () => ({
        message: `${who(revived)} was acknowledged a heartbeat of ${show(life.instance)} for service ${show(lookup.key)} at ${ms(revived.completedAt)}, though ${this.#whyGone(life)}, and ${who(lookup)} had not found it any more at ${ms(lookup.completedAt)}`,
        ops: indexes([shown, lookup, revived]),
      }));
      return;
    }
    const type = before === undefined ? "lost-instance" : "live-instance-evicted";
    const since = before === undefined ? "and nobody has found it yet" : "and it had been found";
    this.#findings.add(type, () => ({
      message: `${who(lookup)} did not find ${show(life.instance)} for service ${show(lookup.key)} at ${ms(lookup.completedAt)}, though it was registered at ${ms(shown.completedAt)}${leaseOf(proof)}, ${since}`,
      ops: indexes([shown, ...(before ? [before] : []), lookup, ...(proof ? [proof] : [])]),
    }));
  }

  /** Leases may run out between two final lookups: they are left out. */
  #agreement(finals: readonly Operation[]): void {
    const lastOf = new Map<string, Operation>();
    for (const lookup of finals) {
      lastOf.set(lifeName(lookup.key, lookup.node ?? lookup.process), lookup);
    }
    const answers = new Map<string, { lookup: Operation; text: string }>();
    for (const lookup of lastOf.values()) {
      const lasting = namesIn(lookup.output)
        .filter((name) => this.#lives.get(lifeName(lookup.key, name))?.leased !== true)
        .map(show)
        .sort();
      const text = lasting.join(", ");
      const service = lifeName(lookup.key, null);
      const first = answers.get(service);
      if (first === undefined) answers.set(service, { lookup, text });
      else if (first.text !== text) {
        this.#findings.add("divergence", () => ({
          message: `final lookups of service ${show(lookup.key)} do not agree: ${place(first.lookup)} lists ${first.text || "nobody"}, ${place(lookup)} lists ${text || "nobody"}`,
          ops: indexes([first.lookup, lookup]),
        }));
      }
    }
  }
}

/** The lease that its holder was told of. */
function leaseOf(grant: Operation | undefined): string {
  if (grant === undefined) return " without a lease";
  const { f, output, completedAt } = grant;
  const leaseMs = isJsonObject(output) ? Number(output["leaseMs"]) : 0;
  if (f === "register") return ` with a lease of ${leaseMs} ms`;
  return ` and its lease of ${leaseMs} ms was renewed at ${ms(completedAt)}`;
}

function place(lookup: Operation): string {
  return lookup.node ?? who(lookup);
}

function namesIn(output: Json): string[] {
  return Array.isArray(output) ? output.map(String) : [];
}

function promiseOf({ observations }: History): Promised {
  const said = observations.find(({ f, process }) => f === "registry" && process !== "nemesis");
  const value = isJsonObject(said?.value) ? said.value : {};
  const { leaseMaxMs, staleMs } = value;
  return {
    leaseMaxNs: typeof leaseMaxMs === "number" ? leaseMaxMs * 1e6 : Number.POSITIVE_INFINITY,
    ...(typeof staleMs === "number" ? { staleNs: staleMs * 1e6 } : {}),
  };
}

/** When the last change was over, or asked for, and the last fault began or ended. */
function quietSinceNs({ operations, observations }: History): number {
  const changes = operations.filter(({ f }) => f !== "lookup");
  const overNs = ({ invokedAt, completedAt }: Operation): number =>
    completedAt === Number.POSITIVE_INFINITY ? invokedAt : completedAt;
  const latest = (a: number, b: number): number => Math.max(a, b);
  const faults = observations.filter(({ process }: HistoryEvent) => process === "nemesis");
  return [...changes.map(overNs), ...faults.map(({ time }) => time)].reduce(latest, 0);
}
