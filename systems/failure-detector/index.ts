/**
 * Failure detectors: who is alive, as each node believes by itself.
 *
 * In an asynchronous world nobody can tell a dead member from a slow one, so a detector is judged by
 * what it promises (Chandy, Toueg 1996): completeness, that who is dead is suspected in time, and
 * accuracy, that who is alive is not, as far as the network lets it; and in the end, when all faults are
 * over, nobody is suspected any more. Where messages have no bound (`--timing asynchronous`), only this
 * last one is promised. Four algorithms, by the option `kind`: all-to-all heartbeats,
 * gossiped counters, phi accrual, SWIM with suspicion. Each states its promise in the history, and the
 * checker `failure-detector` holds it to that against what the nemesis did.
 *
 * A life is a boot, counted on the disk and named in every message: a member that was down for less than
 * any time-out is noticed all the same, since whoever had a session with it must know.
 */

import { isJsonObject, type JsonObject } from "../../src/base/json.js";
import { majorityOf } from "../../src/base/majority.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import type { System } from "../system.js";
import type { Detector, RecordedPromise, Station } from "./detector.js";
import { GossipCounters } from "./gossip-counters.js";
import { Heartbeat } from "./heartbeat.js";
import { Opinions } from "./opinions.js";
import { PhiAccrual } from "./phi-accrual.js";
import { detectorProbes } from "./probes.js";
import { Swim } from "./swim.js";

const detectors: { readonly [kind: string]: new (station: Station) => Detector } = {
  heartbeat: Heartbeat,
  gossip: GossipCounters,
  phi: PhiAccrual,
  swim: Swim,
};

class Member implements Node {
  readonly #context: NodeContext;
  readonly #opinions: Opinions;
  #detector: Detector | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#opinions = new Opinions(context);
  }

  async start(): Promise<void> {
    const { disk, bugs, clock, options } = this.#context;
    const boot = Number(disk.read("boots") ?? 0) + 1;
    disk.write("boots", boot);
    await disk.fsync();
    const nowMs = bugs.has("wall-clock-timeouts")
      ? () => clock.wallMs()
      : () => clock.monotonicMs();
    const station: Station = {
      context: this.#context,
      opinions: this.#opinions,
      boot,
      nowMs,
      tell: (peer, body) => this.#context.send(peer, { ...body, boot }),
    };
    const make = detectors[String(options["kind"])] as new (station: Station) => Detector;
    this.#detector = new make(station);
    this.#context.observe("started", { boot });
    const promise: RecordedPromise = {
      ...this.#detector.promise,
      ...(this.#context.timing?.model === "asynchronous" ? { timely: false } : {}),
    };
    this.#context.observe("detector", { ...promise });
    this.#detector.start();
  }

  onMessage({ src, body }: Message): JsonObject | undefined {
    if (this.#context.nodes.includes(src)) {
      const isOfThisLife = this.#opinions.lives(src, Number(body["boot"]));
      if (isOfThisLife && isJsonObject(body)) this.#detector?.receive(src, body);
      return undefined;
    }
    if (body["type"] !== "members") {
      throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
    return { type: "members_ok", members: this.#opinions.told() };
  }
}

export const failureDetector: System = {
  name: "failure-detector",
  summary: "who is alive: heartbeats, gossiped counters, phi accrual, or SWIM with suspicion",
  nodeCounts: [5, 4],
  workloads: ["members"],
  options: {
    kind: {
      summary: "by which algorithm members watch each other",
      default: "swim",
      values: Object.keys(detectors),
    },
  },
  bugs: {
    "no-indirect-probe": {
      id: "F1",
      summary: "a member that does not answer a ping is suspected without asking others",
      source: "what SWIM was made for (Das, Gupta, Motivala 2002)",
      needs: "one bad link between two members",
      checker: "failure-detector",
      anomalies: ["false-suspicion"],
      nemesis: "one-bad-link",
      options: { kind: "swim" },
    },
    "cannot-refute": {
      id: "F2",
      summary: "a member does not raise its incarnation when it hears that it is suspected",
      source: "SWIM, suspicion without incarnations (Das, Gupta, Motivala 2002, section 4.2)",
      needs: "a pause or a partition",
      checker: "failure-detector",
      anomalies: ["permanent-suspicion"],
      options: { kind: "swim" },
    },
    "ignores-own-stall": {
      id: "F3",
      summary: "a member that stood still finds all deadlines passed, and suspects the others",
      source:
        "Lifeguard (Dadgar, Phillips, Currey 2017): most false positives came from slow accusers",
      needs: "a pause",
      checker: "failure-detector",
      anomalies: ["false-suspicion"],
      nemesis: "pause",
      options: { kind: "heartbeat" },
    },
    "zero-deviation": {
      id: "F4",
      summary:
        "the deviation of steady beats is taken for zero, and the first late one for a death",
      source:
        "Hayashibara et al. 2004; the least deviation and acceptable pause of Akka and Cassandra",
      needs: "a link that becomes a little slower",
      checker: "failure-detector",
      anomalies: ["false-suspicion", "permanent-suspicion"],
      nemesis: "slow-network",
      options: { kind: "phi" },
    },
    "wall-clock-timeouts": {
      id: "F5",
      summary: "how long ago a member was heard is read from the calendar clock",
      source: "time-outs by gettimeofday: every step of NTP declared the whole cluster dead",
      needs: "a clock step",
      checker: "failure-detector",
      anomalies: ["false-suspicion", "undetected-failure"],
      nemesis: "clock",
      options: { kind: "heartbeat" },
    },
    "restart-unnoticed": {
      id: "F6",
      summary:
        "members are known by their names alone: a restart within the time-out goes unnoticed",
      source: "sessions that outlive their server: why ZooKeeper and Akka give every life a number",
      needs: "a quick restart",
      checker: "failure-detector",
      anomalies: ["stale-session"],
      nemesis: "restarts",
      options: { kind: "heartbeat" },
    },
    "hearsay-counts-as-contact": {
      id: "F7",
      summary: "news of a member through others counts as contact with it",
      source:
        "partial partitions (Alfatafta et al., OSDI 2020): third parties hide who cannot reach whom",
      needs: "a bridge partition",
      checker: "failure-detector",
      anomalies: ["hidden-partition"],
      nemesis: "partition",
      options: { kind: "gossip" },
    },
  },
  invariants: [],
  driftPpmMax: 10_000,
  probes: detectorProbes,
  recovery: { core: majorityOf, withinMs: 8_000 },
  service: () => ({ operations: ["members"], consistency: "eventual" }),
  create: (context) => new Member(context),
};
