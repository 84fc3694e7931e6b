/**
 * A queue: clients enqueue unique elements and dequeue what there is; in the end it is drained.
 *
 * Requests: `{type: "enqueue", value}` -> `enqueue_ok`; `{type: "dequeue"}` -> `{type: "dequeue_ok",
 * value}`, null when the queue is empty; `{type: "drain"}` -> `{type: "drain_ok", values}`.
 */

import { totalQueue } from "../checkers/index.js";
import { listField } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { wholeNumber } from "./settings.js";
import { expectType, field, type Workload } from "./workload.js";

const specs = {
  enqueuePercent: {
    summary: "how many of a hundred operations enqueue",
    default: 55,
    range: [0, 100],
  },
} as const;

const mixable: Mixable = {
  usual: ({ options }) => {
    const enqueues = wholeNumber(options, specs, "enqueuePercent");
    return { enqueue: enqueues, dequeue: 100 - enqueues };
  },
  needed: ["enqueue", "dequeue"],
  setting: "enqueuePercent",
};

export const queue: Workload = {
  name: "queue",
  summary: "a queue: unique elements in, each of them out once, and drained in the end",
  requires: ["enqueue", "dequeue", "drain"],
  readOnly: [],
  options: specs,
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) =>
      next() === "enqueue" ? { f: "enqueue", value: i } : { f: "dequeue", value: null },
    );
  },
  finals: () => [{ f: "drain", value: null }],
  invoke: ({ f, value }) =>
    f === "enqueue" ? { value, body: { type: f, value } } : { value: null, body: { type: f } },
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    if (f === "enqueue") return value;
    return f === "drain" ? listField(reply, "values") : field(reply, "value");
  },
  checkers: () => [totalQueue],
};
