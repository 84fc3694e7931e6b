/** Plans as arbitraries: sound ones, of every kind of fault, small enough to be run by the dozen. */

import fc from "fast-check";
import type { FaultDraft, FaultKind, Moment, Target } from "../../src/plan/fault.js";
import { PLAN_FORMAT, type Plan, type PlannedOperation } from "../../src/plan/plan.js";

const TIME_LIMIT_US = 2_000_000;
const VALUES = ["read", "write"] as const;

/** Who a plan is about. */
export interface PlanScope {
  system: string;
  workload: string;
  nodes: readonly string[];
  clients: number;
}

const ppm = fc.nat(1_000_000);
const shortUs = fc.nat(200_000);

/** Faults of every kind over these nodes, without their times. */
function shapes(nodes: readonly string[]): { [kind in FaultKind]: fc.Arbitrary<object> } {
  const node = fc.constantFrom(...nodes);
  const target: fc.Arbitrary<Target> = fc.oneof(
    node,
    fc
      .record({ role: fc.constantFrom("leader" as const, "moment" as const), else: node })
      .map((role): Target => role),
  );
  const some = fc.subarray([...nodes]);
  const links = fc.record({ from: some, to: some, clients: fc.boolean() }, { requiredKeys: [] });
  const onLinks = (own: { [field: string]: fc.Arbitrary<unknown> }): fc.Arbitrary<object> =>
    fc.tuple(fc.record(own), links).map(([fields, where]) => ({ ...fields, ...where }));
  type Fields = { [field: string]: fc.Arbitrary<unknown> };
  const said = (own: Fields): fc.Arbitrary<object> =>
    fc
      .tuple(fc.record(own), fc.record({ clients: fc.boolean() }, { requiredKeys: [] }))
      .map(([fields, clients]) => ({ ...fields, ...clients }));
  const groups = fc
    .tuple(fc.shuffledSubarray([...nodes], { minLength: 1 }), fc.nat(nodes.length))
    .map(([order, cut]) => ({ groups: [order.slice(0, cut), order.slice(cut)] }));
  const pairs = fc.array(fc.tuple(node, node), { maxLength: 6 }).map((list) => ({ pairs: list }));
  const isolate = fc.record({
    isolate: target,
    direction: fc.constantFrom("in", "out", "both"),
  });
  return {
    partition: fc.oneof(groups, pairs, isolate).map((own) => ({ shape: "arbitrary", ...own })),
    delay: onLinks({ delayUs: shortUs, jitterUs: shortUs }),
    loss: onLinks({ ppm }),
    duplicate: onLinks({ ppm }),
    reorder: onLinks({ ppm, byUs: shortUs }),
    bandwidth: onLinks({ bytesPerSecond: fc.integer({ min: 1_000, max: 1_000_000 }) }),
    clog: onLinks({}),
    hold: fc
      .tuple(
        onLinks({ nth: fc.integer({ min: 1, max: 40 }) }),
        fc.record({ type: fc.constantFrom("read", "write", "append") }, { requiredKeys: [] }),
      )
      .map(([own, type]) => ({ ...own, ...type })),
    priorities: onLinks({
      salt: fc.nat(),
      levels: fc.integer({ min: 1, max: 8 }),
      stepUs: fc.nat(20_000),
      changes: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 4 }),
    }),
    corrupt: onLinks({ ppm }),
    reset: onLinks({}),
    crash: fc.record({ target }),
    pause: fc.record({ target }),
    wipe: fc.record({ target }),
    slow: fc.record({ target, costUs: fc.integer({ min: 1, max: 20_000 }) }),
    leave: fc.record({ target, wipe: fc.boolean() }, { requiredKeys: ["target"] }),
    join: fc.record({ target: node }),
    "lost-fsync": fc.record({ target }),
    "torn-write": fc.record({ target }),
    "bit-rot": fc.record({ target, ppm }),
    "misdirected-write": fc.record({ target, nth: fc.integer({ min: 1, max: 20 }) }),
    "read-error": fc.record({ target, ppm }),
    "disk-full": fc.record({ target }),
    "slow-disk": fc.record({ target, addUs: shortUs }),
    equivocate: said({ target, ppm }),
    lie: said({ target, ppm }),
    mute: fc
      .tuple(said({ target }), fc.record({ to: some }, { requiredKeys: [] }))
      .map(([fields, to]) => ({ ...fields, ...to })),
    "clock-step": fc.record({ target, byUs: fc.integer() }),
    "clock-rate": fc.record({ target, ppm: fc.integer({ min: -1_000_000, max: 1_000_000 }) }),
    "clock-strobe": fc.record({
      target,
      byUs: fc.integer(),
      periodUs: fc.integer({ min: 1_000, max: 500_000 }),
    }),
    "clock-slew": fc.record({
      target,
      byUs: fc.integer(),
      ppm: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    "clock-freeze": fc.record({ target }),
    "clock-leap": fc.record(
      { target, smearUs: fc.integer({ min: 1_000_000, max: 10_000_000 }) },
      { requiredKeys: ["target"] },
    ),
  };
}

const nth = fc.integer({ min: 1, max: 30 });
const moments: fc.Arbitrary<Moment> = fc.oneof(
  fc.record({
    moment: fc.constant("ack" as const),
    edge: fc.constantFrom("before" as const, "after" as const),
    nth,
  }),
  fc.record({ moment: fc.constant("leader" as const), nth }),
);

/** Faults of every kind over these nodes; some of them wait for a moment. */
export function faults(nodes: readonly string[]): fc.Arbitrary<FaultDraft> {
  const times = fc.tuple(fc.nat(TIME_LIMIT_US), fc.nat(TIME_LIMIT_US));
  const waits = fc.option(moments, { freq: 4, nil: undefined });
  const kinds = Object.entries(shapes(nodes)).map(([kind, own]) =>
    fc.tuple(times, waits, own).map(([[atUs, lasts], on, fields]) => {
      const timed = { kind, atUs, untilUs: atUs + lasts, ...(on === undefined ? {} : { on }) };
      return { ...timed, ...fields } as FaultDraft;
    }),
  );
  return fc.oneof(...kinds);
}

/** One at most joins, and is away from the beginning. */
function soundJoins(drafts: readonly FaultDraft[]): FaultDraft[] {
  const first = drafts.find(({ kind }) => kind === "join");
  return drafts.flatMap((draft): FaultDraft[] => {
    if (draft.kind !== "join") return [draft];
    const { on: _, ...rest } = draft;
    return draft === first ? [{ ...rest, atUs: 0 }] : [];
  });
}

function operations(scope: PlanScope): fc.Arbitrary<PlannedOperation[]> {
  const one = fc.record({
    client: fc.nat(scope.clients - 1),
    atUs: fc.nat(TIME_LIMIT_US),
    node: fc.constantFrom(...scope.nodes),
    f: fc.constantFrom(...VALUES),
    key: fc.constantFrom("x", "y"),
  });
  // Written values are unique, as they are in the plans of the register-like workloads.
  return fc.array(one, { maxLength: 20 }).map((list) =>
    [...list]
      .sort((a, b) => a.atUs - b.atUs)
      .map((operation, id) => ({
        id,
        ...operation,
        value: operation.f === "write" ? id + 1 : null,
      })),
  );
}

/** Sound plans for a system that offers a key-value store or a register. */
export function plans(scope: PlanScope): fc.Arbitrary<Plan> {
  return fc
    .record({
      seed: fc.nat(Number.MAX_SAFE_INTEGER),
      operations: operations(scope),
      faults: fc
        .array(faults(scope.nodes), { maxLength: 8 })
        .map((list) => soundJoins(list).map((draft, id) => ({ id, ...draft }))),
      wallOffsetUs: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      network: fc.record({ delayUs: fc.nat(5_000), jitterUs: fc.nat(5_000) }),
      branch: fc.option(fc.record({ atUs: fc.nat(TIME_LIMIT_US), seed: fc.nat() }), {
        freq: 4,
        nil: undefined,
      }),
    })
    .map(({ wallOffsetUs, branch, ...drawn }) => ({
      format: PLAN_FORMAT,
      system: scope.system,
      workload: scope.workload,
      nemesis: [],
      nodes: [...scope.nodes],
      clients: scope.clients,
      options: {},
      bugs: [],
      clocks: Object.fromEntries(scope.nodes.map((node) => [node, { wallOffsetUs }])),
      timeLimitUs: TIME_LIMIT_US,
      operationTimeoutUs: 500_000,
      settleUs: 1_000_000,
      recoveryUs: 20_000_000,
      ...drawn,
      ...(branch === undefined ? {} : { branch }),
    }));
}
