/** The JSON Schema of the document of an explanation; see docs/explain.md for what the fields mean. */

import { EXPLANATION_FORMAT } from "./explanation.js";

type Properties = { readonly [name: string]: object };

/** Every field is always there; what is unknown is null. */
function record(properties: Properties): object {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function listOf(items: object): object {
  return { type: "array", items };
}

function orNull(schema: object): object {
  return { anyOf: [schema, { type: "null" }] };
}

const text = { type: "string" } as const;
const texts = listOf(text);
const count = { type: "integer", minimum: 0 } as const;
const countOrNull = { type: ["integer", "null"], minimum: 0 } as const;
const textOrNull = { type: ["string", "null"] } as const;
const flag = { type: "boolean" } as const;
const validity = { enum: [true, false, "unknown"] } as const;
/** Any JSON value. */
const json = {} as const;
const plan = { type: "object" } as const;

const sizes = { nodes: count, clients: count, operations: count, faults: count };

const shrunkFrom = {
  type: "object",
  properties: { ...sizes, seed: count },
  // Cases of older versions do not have the seed.
  required: Object.keys(sizes),
  additionalProperties: false,
};

const without = orNull(
  record({ passes: flag, valid: validity, signature: textOrNull, words: text }),
);

const fault = record({
  id: count,
  kind: text,
  words: text,
  atUs: countOrNull,
  untilUs: countOrNull,
  node: textOrNull,
  without,
});

const read = record({
  micro: countOrNull,
  key: json,
  returned: json,
  sound: flag,
  checker: text,
  possible: listOf(record({ value: json, by: countOrNull, words: text })),
  tried: count,
});

const operation = record({
  id: count,
  planned: countOrNull,
  process: count,
  client: count,
  node: textOrNull,
  f: text,
  key: json,
  input: json,
  output: json,
  outcome: { enum: ["ok", "fail", "info"] },
  invokedUs: count,
  completedUs: countOrNull,
  words: text,
  involved: flag,
  without,
  reads: listOf(read),
});

const traceLine = record({ timeUs: count, kind: text, who: text, text });

const divergence = record({
  words: text,
  failing: listOf(traceLine),
  passing: listOf(traceLine),
  failingAt: count,
  passingAt: count,
});

const neighbour = record({
  change: record({
    kind: {
      enum: [
        "fault-end",
        "fault-begin",
        "fault-whole",
        "fault-removed",
        "fault-target",
        "operation",
        "operation-removed",
        "operation-node",
        "message",
      ],
    },
    id: countOrNull,
    byUs: { type: ["integer", "null"] },
    words: text,
  }),
  plan,
  parting: record({ first: divergence, consequence: orNull(divergence) }),
});

const likelihood = record({
  futures: count,
  series: listOf(
    record({
      atUs: count,
      failing: count,
      otherwise: count,
      futures: count,
      words: textOrNull,
    }),
  ),
  inevitable: orNull(record({ atUs: count, before: count, event: orNull(traceLine), words: text })),
});

const diagram = record({
  fromUs: count,
  toUs: count,
  lanes: texts,
  lines: listOf(
    record({
      timeUs: count,
      what: { enum: ["message", "fault", "moment"] },
      from: textOrNull,
      to: textOrNull,
      arrived: flag,
      text,
    }),
  ),
  omitted: count,
  text,
});

export const explanationSchema = record({
  format: { const: EXPLANATION_FORMAT },
  version: text,
  source: text,
  run: record({
    system: text,
    workload: text,
    nemesis: texts,
    seed: count,
    nodes: texts,
    clients: count,
    bugs: texts,
    exactness: { enum: ["bit", "schedule", "statistical"] },
    traceHash: text,
    virtualUs: count,
    events: count,
    plan,
  }),
  shrunk: orNull(record({ group: text, from: shrunkFrom, runs: count, minimal: flag })),
  problem: record({
    signature: text,
    group: text,
    checker: text,
    type: text,
    message: text,
    atUs: count,
    operations: listOf(count),
    observations: listOf(record({ timeUs: count, node: text, text })),
  }),
  faults: listOf(fault),
  operations: listOf(operation),
  timeline: text,
  neighbour: orNull(neighbour),
  likelihood: orNull(likelihood),
  diagram,
  missing: listOf(
    record({ part: { enum: ["faults", "operations", "neighbour", "likelihood"] }, why: text }),
  ),
  runs: count,
});
