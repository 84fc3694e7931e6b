/**
 * Append-only logs with offsets, in the manner of Kafka: producers send messages to keys, consumers
 * poll from positions of their own and commit how far they have read.
 *
 * One group replicates all partitions as primary-backup does (there is the argument why what was
 * acknowledged survives): a send gets its offset when it is kept, and a poll is answered by the
 * primary from what is kept, after a round that confirms that it still is the primary. A request is
 * applied once, however often it arrives: every producer is idempotent. The requests are Maelstrom's:
 * `send`, `poll`, `commit_offsets`, `list_committed_offsets`. Left out: transactions, groups of
 * consumers that share partitions, limits on the size of a poll, retention.
 */

import type { JsonObject } from "../../src/base/json.js";
import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { groupProbes } from "../primary-backup/probes.js";
import { Replica } from "../primary-backup/replica.js";
import { groupRecovery } from "../primary-backup/rules.js";
import { type ReplicatedService, requestOf } from "../primary-backup/state.js";
import type { System } from "../system.js";
import { Partitions } from "./partitions.js";

function logService({ bugs }: NodeContext): ReplicatedService {
  return {
    state: () => new Partitions({ once: !bugs.has("retry-appends-again") }),
    command: (message) => {
      const { body } = message;
      switch (body["type"]) {
        case "send":
          return requestOf(message, { type: "send", key: nameIn(body), msg: body["msg"] ?? null });
        case "commit_offsets":
          return requestOf(message, { type: "commit", offsets: body["offsets"] ?? {} });
        case "poll":
          return { key: { offsets: body["offsets"] ?? {} } };
        case "list_committed_offsets":
          return { key: { keys: body["keys"] ?? [] } };
        default:
          return undefined;
      }
    },
  };
}

function nameIn({ key }: JsonObject): string {
  if (typeof key === "string") return key;
  throw new Refusal(errorCodes.malformedRequest, "send needs a key, which is a string");
}

const broken = [
  "inconsistent-offsets",
  "duplicate",
  "lost-write",
  "unseen",
  "garbage-read",
  "nonmonotonic-send",
  "nonmonotonic-poll",
  "poll-skip",
  "int-poll-skip",
  "int-nonmonotonic-poll",
] as const;

export const log: System = {
  name: "log",
  summary: "append-only logs with offsets, replicated by a primary with backups (after Kafka)",
  nodeCounts: [3, 5],
  workloads: ["log"],
  options: {},
  bugs: {
    "retry-appends-again": {
      summary: "a send that arrives again is appended again: producers are not idempotent",
      source: "Kafka before KIP-98 (enable.idempotence), and after it where that is switched off",
      needs: "a request that is duplicated, or sent again to the next primary",
      checker: "log",
      anomalies: broken,
    },
    "promote-behind": {
      summary: "a replica that is behind becomes leader and truncates what it lacks",
      source: "Kafka: unclean.leader.election.enable; KIP-101 on truncation to the high watermark",
      needs: "a backup that is behind, and a primary that stops",
      checker: "log",
      anomalies: broken,
    },
    "no-fencing": {
      summary: "backups take entries of earlier epochs, and a deposed leader goes on serving",
      source: "Kafka's zombie leaders before KIP-101 and KIP-279; KAFKA-1211",
      needs: "a primary cut off until a backup is promoted",
      checker: "log",
      anomalies: [...broken, "divergence", "silent-node", "no-recovery", "split-brain"],
    },
  },
  invariants: ["election-safety"],
  driftPpmMax: 100_000,
  recovery: groupRecovery,
  probes: groupProbes,
  service: () => ({
    operations: ["send", "poll", "commit", "assign"],
    consistency: "linearizable",
  }),
  create: (context) => new Replica(context, logService(context)),
};
