/**
 * A queue: first in, first out, each element to one consumer. `enqueue`, `dequeue` (null when it is
 * empty) and `drain`, which takes all that is left.
 *
 * The queue is replicated as a state of primary-backup (there is the argument why what was
 * acknowledged survives). Taking an element changes the state, hence goes through the log, and is
 * done once however often the request arrives: a consumer whose answer was lost has the element in
 * the eyes of the queue, and nobody else gets it. Left out: acknowledgements by consumers and
 * redelivery, priorities, several queues.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Operation } from "../primary-backup/messages.js";
import { groupProbes } from "../primary-backup/probes.js";
import { Replica } from "../primary-backup/replica.js";
import { groupRecovery, rulesOf } from "../primary-backup/rules.js";
import { type ReplicatedService, requestOf, State } from "../primary-backup/state.js";
import type { System } from "../system.js";

/** The elements, oldest first. */
class Elements extends State {
  #elements: Json[] = [];

  read(): JsonObject {
    return { type: "size_ok", size: this.#elements.length };
  }

  protected execute({ type, value }: Operation): JsonObject {
    switch (type) {
      case "enqueue":
        this.#elements.push(value ?? null);
        return { type: "enqueue_ok" };
      case "dequeue":
        return { type: "dequeue_ok", value: this.#elements.shift() ?? null };
      default: {
        const values = this.#elements;
        this.#elements = [];
        return { type: "drain_ok", values };
      }
    }
  }
}

function queueService({ bugs, nodes }: NodeContext): ReplicatedService {
  return {
    // A primary that is cut off goes on alone, and what it took in is cut when both sides meet.
    ...(bugs.has("autoheal") ? { rules: rulesOf({ mode: "async" }, nodes.length) } : {}),
    state: () => new Elements({ once: !bugs.has("retry-takes-again") }),
    command: (message) => {
      const { type, value = null } = message.body;
      switch (type) {
        case "enqueue":
          return requestOf(message, { type, value });
        case "dequeue":
        case "drain":
          return requestOf(message, { type });
        default:
          return undefined;
      }
    },
  };
}

const broken = ["lost-element", "duplicate-element", "garbage-element"] as const;

export const queue: System = {
  name: "queue",
  summary: "a queue replicated by a primary with backups: each element to one consumer",
  nodeCounts: [3, 5],
  workloads: ["queue"],
  options: {},
  bugs: {
    "retry-takes-again": {
      summary: "a request that arrives again is executed again, and takes or adds another element",
      source: "Amazon SQS standard queues: at-least-once delivery; Disque's warning on retries",
      needs: "a request that is duplicated, or sent again to the next primary",
      checker: "total-queue",
      anomalies: broken,
    },
    "promote-behind": {
      summary: "a backup is promoted with the queue it has, without taking over a longer log",
      source: "RabbitMQ mirrored queues, ha-promote-on-failure: always; Jepsen on RabbitMQ (2014)",
      needs: "a backup that is behind, and a primary that stops",
      checker: "total-queue",
      anomalies: broken,
    },
    autoheal: {
      id: "X7",
      summary: "both sides of a partition go on, and when it heals the minority's queue is dropped",
      source: "RabbitMQ: cluster_partition_handling = autoheal; Jepsen on RabbitMQ (2014)",
      needs: "a primary that is cut off until another is promoted",
      checker: "total-queue",
      anomalies: broken,
    },
  },
  invariants: ["election-safety"],
  driftPpmMax: 100_000,
  recovery: groupRecovery,
  probes: groupProbes,
  service: () => ({
    operations: ["enqueue", "dequeue", "drain"],
    consistency: "linearizable",
  }),
  create: (context) => new Replica(context, queueService(context)),
};
