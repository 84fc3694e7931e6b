/**
 * The border check of plans that come from files: shape by JSON Schema, then sense (every node and
 * client that is named exists, times are in order, numbers are unique).
 */

import { assert, UsageError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { type SchemaError, validator } from "../base/schema.js";
import { type Fault, namedBy } from "./fault.js";
import { count, DAY_US, faultShapes, name, names, partitionShapes } from "./fault-schema.js";
import { channels, PLAN_FORMAT, type Plan } from "./plan.js";
import type { TimingModel } from "./timing.js";

const seed = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;

const positiveUs = { type: "integer", minimum: 1, maximum: DAY_US } as const;

function timing(model: TimingModel, own: { readonly [field: string]: object }): object {
  return {
    type: "object",
    properties: { model: { const: model }, ...own },
    required: ["model", ...Object.keys(own)],
    additionalProperties: false,
  };
}

const operation = {
  type: "object",
  properties: {
    id: count,
    client: count,
    atUs: count,
    node: name,
    f: name,
    key: { type: ["string", "integer"] },
    value: {},
  },
  required: ["id", "client", "atUs", "node", "f", "value"],
  additionalProperties: false,
} as const;

export const planSchema = {
  type: "object",
  properties: {
    format: { const: PLAN_FORMAT },
    seed,
    system: name,
    bin: name,
    workload: name,
    nemesis: names,
    nodes: { type: "array", items: name, minItems: 1, maxItems: 100, uniqueItems: true },
    clients: { type: "integer", minimum: 1, maximum: 1000 },
    options: {
      type: "object",
      additionalProperties: { type: ["string", "number", "boolean"] },
    },
    bugs: names,
    network: {
      type: "object",
      properties: { delayUs: count, jitterUs: count, channel: { enum: channels } },
      required: ["delayUs", "jitterUs"],
      additionalProperties: false,
    },
    clocks: {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: { wallOffsetUs: { type: "integer" } },
        required: ["wallOffsetUs"],
        additionalProperties: false,
      },
    },
    timeLimitUs: { type: "integer", minimum: 1, maximum: DAY_US },
    operationTimeoutUs: { type: "integer", minimum: 1, maximum: DAY_US },
    settleUs: { type: "integer", minimum: 0, maximum: DAY_US },
    recoveryUs: { type: "integer", minimum: 0, maximum: DAY_US },
    operations: { type: "array", items: operation },
    faults: {
      type: "array",
      items: {
        type: "object",
        properties: { kind: { enum: ["partition", ...Object.keys(faultShapes)] } },
        required: ["kind"],
      },
    },
    swarm: {
      type: "object",
      properties: {
        rates: { type: "object", additionalProperties: count },
        mix: { type: "object", additionalProperties: count },
      },
      required: ["rates", "mix"],
      additionalProperties: false,
    },
    strategy: name,
    mutations: { type: "array", items: seed },
    recovery: {
      type: "object",
      properties: {
        core: { ...names, minItems: 1 },
        withinUs: { type: "integer", minimum: 1, maximum: DAY_US },
      },
      required: ["core", "withinUs"],
      additionalProperties: false,
    },
    timing: {
      oneOf: [
        timing("synchronous", { boundUs: positiveUs }),
        timing("partially-synchronous", { boundUs: positiveUs, stabilisesAtUs: count }),
        timing("asynchronous", { untilUs: count }),
      ],
    },
    beyond: { const: true },
    branch: {
      type: "object",
      properties: { atUs: count, seed },
      required: ["atUs", "seed"],
      additionalProperties: false,
    },
  },
  required: [
    "format",
    "seed",
    "system",
    "workload",
    "nemesis",
    "nodes",
    "clients",
    "options",
    "bugs",
    "network",
    "clocks",
    "timeLimitUs",
    "operationTimeoutUs",
    "settleUs",
    "recoveryUs",
    "operations",
    "faults",
  ],
  additionalProperties: false,
} as const;

const validatePlan = validator(planSchema);
const validators = new Map(
  Object.entries({ ...faultShapes, ...partitionShapes }).map(([name, shape]) => [
    name,
    validator(shape),
  ]),
);

function problemOf(fault: Fault): SchemaError | undefined {
  const shape =
    fault.kind === "partition"
      ? (Object.keys(partitionShapes).find((field) => field in fault) ?? "groups")
      : fault.kind;
  const validate = validators.get(shape);
  assert(validate !== undefined, `no schema for a ${shape}`);
  return validate(fault);
}

/**
 * The plan in a parsed JSON value.
 * @throws UsageError naming the first thing that is wrong and where it stands in the document.
 */
export function parsePlan(value: Json, file: string): Plan {
  const problem = validatePlan(value);
  if (problem !== undefined) throw bad(file, "", problem);
  const plan = value as unknown as Plan;
  plan.faults.forEach((fault, i) => {
    const wrong = problemOf(fault);
    if (wrong !== undefined) throw bad(file, `/faults/${i}`, wrong);
  });
  const nonsense = findNonsense(plan);
  if (nonsense !== undefined) throw new UsageError(`${file}: not a sound plan: ${nonsense}`);
  return plan;
}

function bad(file: string, prefix: string, error: SchemaError): UsageError {
  const where = `${prefix}${error.instancePath}`;
  return new UsageError(
    `${file}: not a plan: ${where === "" ? "the document" : where} ${error.message ?? "is malformed"}${detailOf(error)}`,
  );
}

/** What ajv's message leaves out: which field is too many, which values are allowed. */
function detailOf({ keyword, params }: SchemaError): string {
  switch (keyword) {
    case "additionalProperties":
      return ` ("${String(params["additionalProperty"])}")`;
    case "enum":
      return ` (${(params["allowedValues"] as string[]).join(", ")})`;
    case "const":
      return ` (${JSON.stringify(params["allowedValue"])})`;
    default:
      return "";
  }
}

/** What the schema cannot say: references that lead nowhere, times out of order, numbers used twice. */
function findNonsense(plan: Plan): string | undefined {
  const nodes = new Set(plan.nodes);
  const lastUs = plan.timeLimitUs + (plan.recovery?.withinUs ?? 0);
  const stranger = (node: string): string | undefined =>
    nodes.has(node) ? undefined : `there is no node "${node}" (nodes: ${plan.nodes.join(", ")})`;
  for (const [i, node] of plan.nodes.entries()) {
    if (/^c\d+$/.test(node)) return `/nodes/${i}: "${node}" is the name of a client`;
  }
  for (const [i, operation] of plan.operations.entries()) {
    const where = `/operations/${i}`;
    if (operation.client >= plan.clients) {
      return `${where}: client ${operation.client} of ${plan.clients} (they count from 0)`;
    }
    if (operation.atUs > lastUs) return `${where}: it begins after the time limit`;
    const wrong = stranger(operation.node);
    if (wrong !== undefined) return `${where}: ${wrong}`;
  }
  for (const [i, fault] of plan.faults.entries()) {
    const where = `/faults/${i}`;
    if (fault.untilUs < fault.atUs) return `${where}: it ends (untilUs) before it begins (atUs)`;
    if (fault.atUs > lastUs) return `${where}: it begins after the time limit`;
    for (const node of nodesOf(fault)) {
      const wrong = stranger(node);
      if (wrong !== undefined) return `${where}: ${wrong}`;
    }
  }
  for (const node of plan.recovery?.core ?? []) {
    const wrong = stranger(node);
    if (wrong !== undefined) return `/recovery/core: ${wrong}`;
  }
  for (const node of Object.keys(plan.clocks)) {
    const wrong = stranger(node);
    if (wrong !== undefined) return `/clocks: ${wrong}`;
  }
  return (
    findStrangeMembers(plan) ?? twice("operation", plan.operations) ?? twice("fault", plan.faults)
  );
}

function twice(what: string, items: readonly { id: number }[]): string | undefined {
  const seen = new Set<number>();
  for (const { id } of items) {
    if (seen.has(id)) return `${what} number ${id} is used twice`;
    seen.add(id);
  }
  return undefined;
}

/** Who is there from the beginning, and who may come later only once. */
function findStrangeMembers({ nodes, faults }: Plan): string | undefined {
  const joining = new Set<string>();
  for (const [i, fault] of faults.entries()) {
    if (fault.kind !== "join") continue;
    const node = namedBy(fault.target);
    if (joining.has(node)) return `/faults/${i}: ${node} joins twice`;
    joining.add(node);
  }
  if (joining.size < nodes.length) return undefined;
  return "every node joins later: one at least must be there from the beginning";
}

function nodesOf(fault: Fault): string[] {
  if (fault.kind === "partition") {
    if ("groups" in fault) return fault.groups.flat();
    return "pairs" in fault ? fault.pairs.flat() : [namedBy(fault.isolate)];
  }
  if (fault.kind === "mute") return [namedBy(fault.target), ...(fault.to ?? [])];
  if ("target" in fault) return [namedBy(fault.target)];
  return [...(fault.from ?? []), ...(fault.to ?? [])];
}
