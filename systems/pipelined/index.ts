/**
 * A replicated log with a window: a leader that sends on without waiting for answers.
 *
 * One write after the other over a round trip L gives 1/L writes a second; with M of them in flight it is
 * M/L (the experiment `window`). The price is that entries overtake each other and are lost one by one,
 * so that a follower may have an entry without those before it. Sliding windows are as old as TCP (Cerf
 * and Kahn 1974); as in Zab (Junqueira, Reed, Serafini 2011) and Raft's pipelines, the log makes them safe:
 *
 * - a follower keeps what comes early in memory, and puts into its log only what follows without a gap;
 * - it acknowledges the length of its log, once on disk: an acknowledgement speaks for all before, so that
 *   an entry is committed when a majority has everything up to it;
 * - a sequence number is a place in the log, never used again in its epoch, and an epoch has one leader;
 * - entries are applied in their order, however they came.
 *
 * A new leader. Leaders take turns: epoch e belongs to node e mod N, as in Viewstamped Replication (Liskov,
 * Cowling 2012). Who misses its leader tells the next one, who asks for grants: durable promises to refuse
 * earlier epochs, with the log of whoever has a longer one. A majority of grants has met every committed
 * entry. The new leader opens its epoch with an entry of its own, and sends the log up to there as a whole;
 * a follower that has it has the same log, and takes single entries from then on.
 *
 * Reads go through the log like writes, and a request that stands in it twice is applied once: linearizable.
 * Left out: snapshots, membership changes, protection against nodes that miss a leader whom all others hear.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import type { Message, NodeContext } from "../../src/hosts/ts/node.js";
import { keyValueService } from "../primary-backup/key-value.js";
import type { Operation, Request } from "../primary-backup/messages.js";
import { Store } from "../primary-backup/store.js";
import type { System } from "../system.js";
import { bugs } from "./bugs.js";
import { Replica } from "./replica.js";

/** Reads have a place in the log, too. */
class LoggedStore extends Store {
  protected override execute(operation: Operation): JsonObject {
    if (operation.type === "read") return this.read(operation["key"] as Json);
    return super.execute(operation);
  }
}

function create(context: NodeContext): Replica {
  const service = keyValueService(context);
  const request = (message: Message): Request | undefined => {
    const command = service.command(message);
    if (command === undefined) return undefined;
    if ("request" in command) return command.request;
    const { src, body } = message;
    const operation = { type: "read", key: command.key };
    return { client: src, number: Number(body["msg_id"]), operation };
  };
  return new Replica(context, { state: new LoggedStore(), request });
}

export const pipelinedLog: System = {
  name: "pipelined-log",
  summary: "a key-value store on a log that is replicated with a window of entries in flight",
  nodeCounts: [3, 5],
  workloads: ["kv"],
  options: {
    window: {
      summary: "how many entries may be under way to a follower at a time",
      default: 4,
      range: [1, 64],
    },
  },
  bugs,
  invariants: ["election-safety", "agreement", "leader-completeness"],
  driftPpmMax: 100_000,
  beyond: {
    drift: ["election-safety", "agreement", "leader-completeness", "linearizable"],
    "clock-freeze": ["election-safety", "agreement", "leader-completeness", "linearizable"],
  },
  recovery: {
    core: (nodeCount) => Math.floor(nodeCount / 2) + 1,
    withinMs: 6_000,
  },
  probes: [
    "several entries were in flight at a time",
    "a window was full",
    "a window was sent again",
    "an entry came before one that it follows",
    "an entry came that was outside the window",
    "a leader of an earlier epoch was refused",
    "a leader was deposed with open requests",
    "a new leader took over a longer log",
    "a follower cut entries that differ from its leader's",
    "a node restarted with a log",
  ],
  service: () => ({ operations: ["read", "write", "cas"], consistency: "linearizable" }),
  create,
};
