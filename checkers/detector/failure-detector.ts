/**
 * Failure detectors, held to what they promise (Chandy, Toueg 1996), against what the nemesis did.
 *
 * Nodes record `started {boot}`, their promise `detector {detectWithinMs, toleratesMs, relays, timely}`, and
 * each change of mind about another one: `suspect`, `dead`, `trust`, `unreachable`, `reachable {node}`.
 * Final operations `members` say what they believe in the end.
 *
 * - completeness: who stays down is suspected in time by everybody who is up (undetected-failure), and
 *   who cannot be reached is told so, alive or not (hidden-partition);
 * - accuracy: nobody is suspected who was up, and whose messages were no later than tolerated
 *   (false-suspicion); a stall of the accuser, or of anybody else, is no excuse;
 * - eventual accuracy: when all faults have ended, nobody is suspected any more (permanent-suspicion), and
 *   everybody knows the last life of each other one (stale-session). Who is not `timely`, since messages have
 *   no bound, is held to this alone.
 *
 * Everything in doubt is no anomaly: only what happened in a quiet time is judged, in which nothing but
 * faults that must not matter lay over the world. Notes have the quality of service (Chen, Toueg,
 * Aguilera 2002): times to detect, and mistakes. O(observations x faults).
 */

import type { History, Operation } from "../../histories/history.js";
import { isJsonObject } from "../../src/base/json.js";
import type { Checker, Verdict } from "../checker.js";
import { Findings } from "../findings.js";
import { Minds, type Turn } from "./minds.js";
import { latenessUs, onlyLink, overlaps, separates, type Trouble, troublesOf } from "./troubles.js";

export const failureDetector: Checker = {
  name: "failure-detector",
  summary: "who is down is suspected in time, who is up is not, from what nodes record",
  anomalies: {
    "undetected-failure": "a member that stayed down was not suspected in the time promised",
    "hidden-partition":
      "a member that could not be reached for long was never said to be unreachable",
    "false-suspicion": "a member was suspected though it was up and could be reached well enough",
    "permanent-suspicion": "a member is still suspected though all faults have ended",
    "stale-session": "a restart of a member has not been noticed",
  },
  check: (history) => new Judge(history).verdict(),
};

/** After a fault has ended, what it had kept back or made late may come for so long. */
const ECHO_NS = 2e9;
/** A node that boots has begun its life by then. */
const START_NS = 1e8;
/** No message of a detector is larger. */
const BYTES_MAX = 1_000;
const ACCUSES = ["suspect", "dead"];
const OPINIONS = [...ACCUSES, "trust"];
const REACH = ["unreachable", "reachable"];
/** Calendar clocks are no business of a detector, and drift is within its promise. */
const NEVER_MATTERS: ReadonlySet<string> = new Set([
  "clock-step",
  "clock-strobe",
  "clock-slew",
  "clock-leap",
  "clock-rate",
  "duplicate",
]);
const STOPS: ReadonlySet<string> = new Set(["crash", "wipe", "pause"]);

interface Promised {
  withinNs: number;
  toleratesUs: number;
  relays: boolean;
  timely: boolean;
}

class Judge {
  readonly #findings = new Findings();
  readonly #minds: Minds;
  readonly #troubles: Trouble[];
  readonly #promised: Promised | undefined;
  readonly #finals: Operation[];
  readonly #detectionsMs: number[] = [];
  #mistakes = 0;
  #judged = 0;

  constructor(private readonly history: History) {
    this.#minds = new Minds(history);
    this.#troubles = troublesOf(history);
    this.#promised = promiseOf(history);
    this.#finals = history.operations.filter(
      ({ f, final, outcome }) => f === "members" && final && outcome === "ok",
    );
  }

  verdict(): Verdict {
    const promised = this.#promised;
    if (promised === undefined) return this.#findings.verdict({}, "no node recorded a promise");
    const lasting = this.#lasting();
    if (this.#finals.length === 0)
      return this.#findings.verdict({}, "no final read of the members");
    for (const trouble of this.#troubles) {
      this.#completeness(trouble, promised);
      this.#reach(trouble, promised);
    }
    for (const observer of this.#minds.nodes) {
      for (const subject of this.#minds.nodes) this.#accuracy(observer, subject, promised);
    }
    if (lasting === undefined) this.#inTheEnd();
    const times = [...this.#detectionsMs].sort((a, b) => a - b);
    const notes = {
      judged: this.#judged,
      mistakes: this.#mistakes,
      detections: times.length,
      ...(times.length === 0
        ? {}
        : { "detection ms": { median: times[times.length >> 1] ?? 0, max: times.at(-1) ?? 0 } }),
    };
    const open = lasting && `a ${lasting.kind} had not ended when the members were read last`;
    return this.#findings.verdict(notes, open);
  }

  /** A fault that final reads may still have met. */
  #lasting(): Trouble | undefined {
    const firstNs = Math.min(...this.#finals.map(({ invokedAt }) => invokedAt));
    return this.#troubles.find((one) => !neverMatters(one) && one.untilNs > firstNs);
  }

  /** Whoever is down for as long as the promise allows. */
  #completeness(crash: Trouble, { withinNs, timely }: Promised): void {
    const { kind, target, fromNs } = crash;
    if ((kind !== "crash" && kind !== "wipe") || target === undefined) return;
    const byNs = fromNs + withinNs;
    for (const observer of this.#minds.nodes) {
      if (observer === target) continue;
      const first = this.#minds
        .turns(observer, target)
        .find(
          ({ atNs, says }) => atNs >= fromNs && atNs <= crash.untilNs && ACCUSES.includes(says),
        );
      if (first !== undefined) this.#detectionsMs.push((first.atNs - fromNs) / 1e6);
      if (!timely || crash.untilNs <= byNs || !this.#isUp(observer, fromNs, byNs)) continue;
      if (!this.#isUp(target, fromNs - ECHO_NS, fromNs - 1)) continue;
      const others = this.#within(fromNs - ECHO_NS, byNs).filter((one) => one !== crash);
      if (others.some((one) => !isStopOfAnother(one, observer) && !neverMatters(one))) continue;
      this.#judged++;
      const last = this.#minds.lastSaid(observer, target, OPINIONS, byNs);
      if (last !== undefined && ACCUSES.includes(last.says)) continue;
      this.#findings.add("undetected-failure", () => ({
        message: `${target} was down from ${seconds(fromNs)} on, and ${observer} did not suspect it within ${withinNs / 1e9} s`,
        ops: indexesOf(last, this.#minds.startsOf(observer)[0]),
      }));
    }
  }

  /** Whoever is cut off from another one for as long as the promise allows. */
  #reach(cut: Trouble, { withinNs, timely }: Promised): void {
    const byNs = cut.fromNs + withinNs;
    if (!timely || cut.kind !== "partition" || cut.untilNs <= byNs) return;
    const { nodes } = this.#minds;
    for (const observer of nodes) {
      for (const subject of nodes) {
        if (observer === subject || !separates(cut, observer, subject)) continue;
        if (!this.#isUp(observer, cut.fromNs, byNs)) continue;
        const others = this.#within(cut.fromNs - ECHO_NS, byNs).filter((one) => one !== cut);
        const matters = (one: Trouble): boolean =>
          !isStopOfAnother(one, observer) && !neverMatters(one) && one.kind !== "partition";
        if (others.some(matters)) continue;
        this.#judged++;
        const last = this.#minds.lastSaid(observer, subject, REACH, byNs);
        if (last?.says === "unreachable") continue;
        this.#findings.add("hidden-partition", () => ({
          message: `${observer} and ${subject} were cut off from each other from ${seconds(cut.fromNs)} on, and ${observer} did not say so within ${withinNs / 1e9} s`,
          ops: indexesOf(last, this.#minds.startsOf(observer)[0]),
        }));
      }
    }
  }

  #accuracy(observer: string, subject: string, promised: Promised): void {
    for (const turn of this.#minds.turns(observer, subject)) {
      if (!ACCUSES.includes(turn.says) || !this.#isUp(subject, turn.atNs, turn.atNs)) continue;
      this.#mistakes++;
      if (!promised.timely || this.#isExcused(subject, turn, promised)) continue;
      this.#findings.add("false-suspicion", () => ({
        message: `${observer} took ${subject} for ${turn.says} at ${seconds(turn.atNs)}, though it was up and could be reached well enough`,
        ops: [turn.event.index],
      }));
    }
  }

  /**
   * Whether something may have made the subject seem dead. What began before a stop of somebody, and was
   * kept by it, may come to light after it: the time looked at reaches back before every stop in it.
   */
  #isExcused(subject: string, { atNs }: Turn, promised: Promised): boolean {
    let sinceNs = atNs - promised.withinNs - ECHO_NS;
    for (;;) {
      const earliest = this.#within(sinceNs, atNs)
        .filter(({ kind }) => STOPS.has(kind))
        .reduce(
          (least, { fromNs }) => Math.min(least, fromNs - promised.withinNs - ECHO_NS),
          sinceNs,
        );
      if (earliest === sinceNs) break;
      sinceNs = earliest;
    }
    const troubles = this.#within(sinceNs, atNs).filter((one) => !neverMatters(one));
    const stops = troubles.filter(({ kind }) => STOPS.has(kind));
    if (stops.some(({ target }) => target === undefined || target === subject)) return true;
    const links = troubles.filter(({ kind }) => !STOPS.has(kind));
    if (links.length === 0) return false;
    if (promised.relays && stops.length === 0 && this.#minds.nodes.length >= 4) {
      const pairs = new Set(links.map((one) => onlyLink(one) ?? "more"));
      if (pairs.size === 1 && !pairs.has("more")) return false;
    }
    const lateUs = links.map((one) => latenessUs(one, BYTES_MAX) ?? Number.POSITIVE_INFINITY);
    return lateUs.reduce((sum, one) => sum + one, 0) > promised.toleratesUs;
  }

  #inTheEnd(): void {
    const lastOf = new Map(
      this.#finals.map((read) => [read.node ?? `process ${read.process}`, read]),
    );
    for (const [observer, { output, invoked }] of lastOf) {
      for (const entry of Array.isArray(output) ? output : []) {
        if (!isJsonObject(entry) || typeof entry["node"] !== "string") continue;
        const { node, state, boot } = entry;
        const ops = [this.history.events[invoked]?.index ?? invoked];
        if (state !== "alive") {
          this.#findings.add("permanent-suspicion", () => ({
            message: `${observer} still takes ${node} for ${String(state)} after all faults have ended`,
            ops,
          }));
        } else if (typeof boot === "number" && boot < this.#minds.lastBootOf(node)) {
          this.#findings.add("stale-session", () => ({
            message: `${observer} knows ${node} in its life ${boot}, and has not noticed that it has started ${this.#minds.lastBootOf(node)} times`,
            ops,
          }));
        }
      }
    }
  }

  #within(sinceNs: number, toNs: number): Trouble[] {
    return this.#troubles.filter((one) => overlaps(one, sinceNs, toNs));
  }

  /** Up, and standing still for no moment of it. */
  #isUp(node: string, sinceNs: number, toNs: number): boolean {
    if (!this.#minds.startsOf(node).some(({ atNs }) => atNs <= Math.max(sinceNs, 0) + START_NS)) {
      return false;
    }
    return !this.#within(sinceNs, toNs).some(
      ({ kind, target }) => STOPS.has(kind) && (target === undefined || target === node),
    );
  }
}

function promiseOf({ observations }: History): Promised | undefined {
  const said = observations.find(({ f }) => f === "detector")?.value;
  if (!isJsonObject(said)) return undefined;
  const { detectWithinMs, toleratesMs, relays, timely } = said;
  if (typeof detectWithinMs !== "number" || typeof toleratesMs !== "number") return undefined;
  return {
    withinNs: detectWithinMs * 1e6,
    toleratesUs: toleratesMs * 1e3,
    relays: relays === true,
    timely: timely !== false,
  };
}

function neverMatters({ kind }: Trouble): boolean {
  return NEVER_MATTERS.has(kind);
}

function isStopOfAnother({ kind, target }: Trouble, observer: string): boolean {
  return STOPS.has(kind) && target !== undefined && target !== observer;
}

function indexesOf(...turns: readonly (Turn | undefined)[]): number[] {
  const found = turns.find((turn) => turn !== undefined);
  return found === undefined ? [] : [found.event.index];
}

function seconds(ns: number): string {
  return `${ns / 1e9} s`;
}
