/**
 * Jobs for a work queue: clients submit them, ask now and then what came of one, and in the end of all.
 *
 * Requests: `{type: "submit", job}` -> `submit_ok`, when it is sure to be worked on; `{type: "effects-of",
 * job}` -> `{type: "effects-of_ok", count}`; `{type: "effects"}` -> `{type: "effects_ok", effects, news?}`,
 * once nothing is left to do: `[job, producer, sequence]` for each effect, in order; `news` are those that
 * were told of elsewhere. Until then, error 11.
 */

import { type JobPromise, jobAccountingWith } from "../checkers/index.js";
import { listField } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { BadReply, expectType, field, type Workload, type WorkloadOptions } from "./workload.js";

const mixable: Mixable = {
  usual: () => ({ submit: 85, "effects-of": 15 }),
  needed: ["submit"],
};

/** What a mode promises; the one for whoever says nothing is exactly once. */
function promiseOf({ mode }: WorkloadOptions): JobPromise {
  return mode === "at-least-once" || mode === "at-most-once" ? mode : "exactly-once";
}

export const jobs: Workload = {
  name: "jobs",
  summary: "jobs with effects: accounted for one by one, in the order of each producer",
  requires: ["submit", "effects-of", "effects"],
  readOnly: ["effects-of", "effects"],
  mixable,
  plan: (scope) => {
    const next = chooser(scope, mixable);
    return Array.from({ length: scope.operations }, (_, i) =>
      next() === "submit"
        ? { f: "submit", value: `j${i}` }
        : { f: "effects-of", key: `j${scope.random.int(i + 1)}`, value: null },
    );
  },
  finals: () => [{ f: "effects", value: null }],
  invoke: ({ f, key = "", value }) => {
    if (f === "submit") return { value, body: { type: f, job: value } };
    return { value: null, body: f === "effects" ? { type: f } : { type: f, job: key } };
  },
  complete: ({ f }, value, reply) => {
    expectType(reply, `${f}_ok`);
    if (f === "submit") return value;
    if (f === "effects-of") {
      const count = field(reply, "count");
      if (typeof count === "number") return count;
      throw new BadReply(`"count" is no number: ${JSON.stringify(reply).slice(0, 200)}`);
    }
    const effects = listField(reply, "effects");
    return reply["news"] === undefined ? { effects } : { effects, news: listField(reply, "news") };
  },
  checkers: (_, options) => [jobAccountingWith({ promise: promiseOf(options) })],
};
