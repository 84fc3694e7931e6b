import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nemeses } from "../../nemeses/index.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { planRun } from "../../src/controller/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { parsePlan } from "../../src/plan/schema.js";
import { systems } from "../../systems/index.js";
import { plans } from "./arbitrary.js";

const copy = (plan: Plan): Json => JSON.parse(JSON.stringify(plan)) as Json;

/** With a phase of recovery, as plans under a swarm have. */
const sound = planRun({ system: "quorum", seed: 1, nemesis: ["swarm"], operations: 20, nodes: 3 });

const withinUs = sound.recovery?.withinUs ?? 0;
/** Nothing of the plan begins later. */
const lastUs = sound.timeLimitUs + withinUs;

/** Where in a document, as a JSON pointer, and what to put there; undefined removes it. */
type Edit = readonly [pointer: string, value: unknown];

/** The plan, edited, as it is read from a file. */
function edited(edits: readonly Edit[]): Json {
  const document = copy({ ...sound, faults: [] }) as { [field: string]: unknown };
  for (const [pointer, value] of edits) {
    const path = pointer.split("/").slice(1);
    const last = path.pop() as string;
    let place = document;
    for (const step of path) place = place[step] as typeof document;
    if (value === undefined) delete place[last];
    else place[last] = value;
  }
  return JSON.parse(JSON.stringify(document)) as Json;
}

/** The one line with which an edited plan is refused. */
function refusal(...edits: Edit[]): string {
  try {
    parsePlan(edited(edits), "case.json");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    expect(error.message).not.toContain("\n");
    return error.message;
  }
  return "accepted";
}

const crash = { id: 0, kind: "crash", atUs: 1, untilUs: 2, target: "n1" };
const join = { id: 0, kind: "join", atUs: 0, untilUs: 2, target: "n1" };
const loss = { id: 0, kind: "loss", atUs: 1, untilUs: 2, ppm: 5 };
const cut = { id: 0, kind: "partition", shape: "halves", atUs: 1, untilUs: 2 };

describe("a plan", () => {
  test("as it is expanded from a seed passes, whatever the system, the nemesis and the size", () => {
    fc.assert(
      fc.property(
        fc.nat(Number.MAX_SAFE_INTEGER),
        fc.constantFrom(...systems.keys()),
        fc.subarray([...nemeses.keys()].filter((name) => name !== "none")),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 6 }),
        (seed, system, nemesis, nodes, clients) => {
          const request = { seed, system, nemesis, nodes, clients, operations: 10, beyond: true };
          const plan = planRun({ ...request, timeLimitMs: 4_000 });
          expect(parsePlan(copy(plan), "a seed")).toEqual(plan);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("is the same each time it is expanded", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...systems.keys()), (seed, system) => {
        expect(planRun({ seed, system })).toEqual(planRun({ seed, system }));
      }),
      { numRuns: 20 },
    );
  });

  test("passes with faults of every kind, wherever they are and however they overlap", () => {
    const scope = { system: "quorum", workload: "kv", nodes: ["n1", "n2", "n3"], clients: 2 };
    const kinds = new Set<string>();
    fc.assert(
      fc.property(plans(scope), (plan) => {
        expect(parsePlan(copy(plan), "an arbitrary")).toEqual(plan);
        for (const { kind } of plan.faults) kinds.add(kind);
      }),
    );
    expect(kinds.size).toBe(33);
  });

  test("passes with what need not be there: a command line, operations with no key", () => {
    const harmless: Edit[] = [
      ["/bin", "node server.mjs"],
      ["/operations/0/key", undefined],
      ["/operations/0/value", { any: ["json", null] }],
      ["/operations", []],
      ["/clocks", {}],
      ["/operations/0/atUs", sound.timeLimitUs],
      ["/faults", [{ ...crash, atUs: sound.timeLimitUs, untilUs: sound.timeLimitUs }]],
    ];
    for (const edit of harmless) expect(refusal(edit)).toBe("accepted");
  });
});

describe("a plan that is no plan is refused in one line that names the place", () => {
  const malformed: [what: string, edit: Edit, message: string][] = [
    [
      "another format",
      ["/format", "faultline-plan/9"],
      '/format must be equal to constant ("faultline-plan/1")',
    ],
    ["a missing field", ["/seed", undefined], "the document must have required property 'seed'"],
    ["an extra field", ["/sed", 1], 'the document must NOT have additional properties ("sed")'],
    ["a seed that is a text", ["/seed", "7"], "/seed must be integer"],
    ["a negative seed", ["/seed", -1], "/seed must be >= 0"],
    ["a seed beyond exact integers", ["/seed", 2 ** 60], "/seed must be <="],
    ["no nodes", ["/nodes", []], "/nodes must NOT have fewer than 1 items"],
    ["a node twice", ["/nodes", ["n1", "n1"]], "/nodes must NOT have duplicate items"],
    ["no clients", ["/clients", 0], "/clients must be >= 1"],
    [
      "an option that is a list",
      ["/options", { mode: [] }],
      "/options/mode must be string,number,boolean",
    ],
    ["a negative delay", ["/network/delayUs", -1], "/network/delayUs must be >= 0"],
    [
      "an extra field of a clock",
      ["/clocks/n1/driftPpm", 5],
      '/clocks/n1 must NOT have additional properties ("driftPpm")',
    ],
    [
      "a clock turned further than can be taken back",
      ["/faults/0", { id: 0, kind: "clock-step", atUs: 0, untilUs: 1, target: "n1", byUs: 1e300 }],
      "/faults/0/byUs must be <= 3155760000000000",
    ],
    ["half a microsecond", ["/timeLimitUs", 0.5], "/timeLimitUs must be integer"],
    [
      "an operation before the beginning",
      ["/operations/3/atUs", -1],
      "/operations/3/atUs must be >= 0",
    ],
    [
      "an operation without a value",
      ["/operations/3/value", undefined],
      "/operations/3 must have required property 'value'",
    ],
    [
      "an extra field in an operation",
      ["/operations/3/nod", "n1"],
      '/operations/3 must NOT have additional properties ("nod")',
    ],
    [
      "an unknown kind of fault",
      ["/faults", [{ ...crash, kind: "meteor" }]],
      "/faults/0/kind must be equal to one of the allowed values (partition, delay, loss",
    ],
    [
      "a fault without a kind",
      ["/faults", [{ id: 0 }]],
      "/faults/0 must have required property 'kind'",
    ],
    [
      "a fault before the beginning",
      ["/faults", [{ ...crash, atUs: -5 }]],
      "/faults/0/atUs must be >= 0",
    ],
    [
      "a fault without an end",
      ["/faults", [{ ...crash, untilUs: undefined }]],
      "/faults/0 must have required property 'untilUs'",
    ],
    [
      "a field of another kind of fault",
      ["/faults", [crash, { ...crash, id: 1, ppm: 3 }]],
      '/faults/1 must NOT have additional properties ("ppm")',
    ],
    [
      "a role that does not exist",
      ["/faults", [{ ...crash, target: { role: "boss", else: "n1" } }]],
      "/faults/0/target",
    ],
    [
      "a role without a substitute",
      ["/faults", [{ ...crash, target: { role: "leader" } }]],
      "/faults/0/target",
    ],
    [
      "more than every message lost",
      ["/faults", [{ ...loss, ppm: 1_000_001 }]],
      "/faults/0/ppm must be <= 1000000",
    ],
    [
      "a clock that runs backwards",
      ["/faults", [{ ...crash, kind: "clock-rate", ppm: -1_000_001 }]],
      "/faults/0/ppm must be >= -1000000",
    ],
    [
      "a slew that turns the clock back",
      ["/faults", [{ ...crash, kind: "clock-slew", byUs: 1, ppm: 1_000_001 }]],
      "/faults/0/ppm must be <= 1000000",
    ],
    [
      "a node that is there before it joins",
      ["/faults", [{ ...join, atUs: 1 }]],
      "/faults/0/atUs must be equal to constant (0)",
    ],
    [
      "one that waits for a moment to join",
      ["/faults", [{ ...join, on: { moment: "leader", nth: 1 } }]],
      '/faults/0 must NOT have additional properties ("on")',
    ],
    [
      "a slow node that takes no time",
      ["/faults", [{ ...crash, kind: "slow", costUs: 0 }]],
      "/faults/0/costUs must be >= 1",
    ],
    [
      "a strobe without a period",
      ["/faults", [{ ...crash, kind: "clock-strobe", byUs: 1, periodUs: 0 }]],
      "/faults/0/periodUs must be >= 1",
    ],
    ["a partition of no shape", ["/faults", [cut]], "/faults/0 must have required property"],
    [
      "a pair of three",
      ["/faults", [{ ...cut, pairs: [["n1", "n2", "n3"]] }]],
      "/faults/0/pairs/0 must NOT have more than 2 items",
    ],
    [
      "a direction that is none",
      ["/faults", [{ ...cut, isolate: "n1", direction: "up" }]],
      "/faults/0/direction must be equal to one of the allowed values (in, out, both)",
    ],
    [
      "an extra field in a partition",
      ["/faults", [{ ...cut, pairs: [], target: "n1" }]],
      '/faults/0 must NOT have additional properties ("target")',
    ],
    [
      "a hold of no message",
      ["/faults", [{ id: 0, kind: "hold", atUs: 1, untilUs: 2, nth: 0 }]],
      "/faults/0/nth must be >= 1",
    ],
    [
      "a moment that there is not",
      ["/faults", [{ ...crash, on: { moment: "boot", nth: 1 } }]],
      "/faults/0/on/moment must be equal to one of the allowed values (ack, leader)",
    ],
    [
      "an answer without its edge",
      ["/faults", [{ ...crash, on: { moment: "ack", nth: 1 } }]],
      "/faults/0/on must have required property 'edge'",
    ],
    [
      "a leader with an edge",
      ["/faults", [{ ...crash, on: { moment: "leader", nth: 1, edge: "after" } }]],
      '/faults/0/on must NOT have additional properties ("edge")',
    ],
    [
      "a branch without a seed",
      ["/branch", { atUs: 1 }],
      "/branch must have required property 'seed'",
    ],
  ];

  test.each(malformed)("%s", (_, edit, message) => {
    const refused = refusal(edit);
    expect(refused).toMatch(/^case\.json: not a plan: /);
    expect(refused).toContain(message);
  });

  test.each([[null], [7], ["plan"], [[]], [[sound as unknown as Json]]])(
    "%j instead of an object",
    (value) => {
      expect(() => parsePlan(value as Json, "case.json")).toThrow(
        /^case\.json: not a plan: the document /,
      );
    },
  );
});

describe("a plan that makes no sense is refused in one line that names the place", () => {
  const nonsense: [what: string, edit: Edit, message: string][] = [
    [
      "a client that there is not",
      ["/operations/2/client", sound.clients],
      "/operations/2: client 5 of 5 (they count from 0)",
    ],
    [
      "an operation at a node that there is not",
      ["/operations/2/node", "n9"],
      '/operations/2: there is no node "n9" (nodes: n1, n2, n3)',
    ],
    [
      "an operation after the time limit",
      ["/operations/2/atUs", lastUs + 1],
      "/operations/2: it begins after the time limit",
    ],
    [
      "a number of an operation used twice",
      ["/operations/2/id", sound.operations[1]?.id],
      "is used twice",
    ],
    [
      "a node that joins twice",
      ["/faults", [join, { ...join, id: 1 }]],
      "/faults/1: n1 joins twice",
    ],
    [
      "a cluster of which nobody is there at first",
      ["/faults", ["n1", "n2", "n3"].map((target, id) => ({ ...join, id, target }))],
      "every node joins later",
    ],
    [
      "a mute node that says nothing to nobody there is",
      ["/faults", [{ ...crash, kind: "mute", to: ["n9"] }]],
      '/faults/0: there is no node "n9"',
    ],
    ["a number of a fault used twice", ["/faults", [crash, loss]], "fault number 0 is used twice"],
    [
      "a fault that ends before it begins",
      ["/faults", [{ ...crash, atUs: 3 }]],
      "/faults/0: it ends (untilUs) before it begins (atUs)",
    ],
    [
      "a fault after the time limit",
      ["/faults", [{ ...crash, atUs: lastUs + 1, untilUs: lastUs + 2 }]],
      "/faults/0: it begins after the time limit",
    ],
    [
      "a clock of a node that there is not",
      ["/clocks/n9", { wallOffsetUs: 0 }],
      '/clocks: there is no node "n9"',
    ],
    [
      "a healthy core of nodes that there are not",
      ["/recovery", { core: ["n9"], withinUs }],
      '/recovery/core: there is no node "n9"',
    ],
    [
      "a node with the name of a client",
      ["/nodes", [...sound.nodes, "c12"]],
      '/nodes/3: "c12" is the name of a client',
    ],
  ];

  test.each(nonsense)("%s", (_, edit, message) => {
    const refused = refusal(edit);
    expect(refused).toMatch(/^case\.json: not a sound plan: /);
    expect(refused).toContain(message);
  });

  test.each([
    ["a target", { ...crash, target: "n9" }],
    ["a substitute for the leader", { ...crash, target: { role: "leader", else: "n9" } }],
    ["a group", { ...cut, groups: [["n1"], ["n2", "n9"]] }],
    ["a pair", { ...cut, pairs: [["n1", "n9"]] }],
    ["an isolated node", { ...cut, isolate: "n9", direction: "in" }],
    ["a source of links", { ...loss, from: ["n9"] }],
    ["a destination of links", { ...loss, to: ["n1", "n9"] }],
  ])("%s that there is not", (_, fault) => {
    expect(refusal(["/faults", [fault]])).toBe(
      'case.json: not a sound plan: /faults/0: there is no node "n9" (nodes: n1, n2, n3)',
    );
  });
});
