/** The passes: each proposes smaller plans of one sort, and takes those that fail in the same way. */

import type { Fault } from "../plan/fault.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import { ddmin } from "./ddmin.js";
import {
  type Begun,
  inOrder,
  mergeFaults,
  milderForms,
  onlyFaults,
  plainFaults,
  simplerForms,
  withFault,
} from "./faults.js";
import { pinned } from "./invocations.js";
import { combinations, onNodes } from "./nodes.js";
import {
  keysOf,
  mergeClients,
  mergeKeys,
  onlyOperations,
  renumberClients,
  smallerTransactions,
  withOperation,
} from "./operations.js";
import {
  endsWithinLimit,
  gridsUs,
  onGrid,
  shorterFaults,
  shorterSilences,
  soonerEnds,
  withTimes,
} from "./times.js";
import type { Trials } from "./trials.js";

export type Pass = (trials: Trials) => Promise<void>;

export interface Passes {
  /** What a run does not look at: gone at once. */
  unused: Pass;
  /** Less: what takes most away comes first. */
  fewer: readonly Pass[];
  /** When those find nothing any more: cuts under other seeds, and other faults for those left. */
  stubborn: readonly Pass[];
  /** What is left, in fewer words. */
  simpler: readonly Pass[];
}

export interface PassesOptions {
  nodeCounts?: readonly number[];
}

/** @param pool the faults that may take the place of others. */
export function passesFor({ nodeCounts }: PassesOptions, pool: readonly Fault[]): Passes {
  return {
    unused,
    fewer: [oneFault, fewerFaults, fewerOperations, soonerEnd, fewerNodes(nodeCounts)],
    stubborn: [
      calmNetwork,
      stubbornFaults,
      stubbornOperations,
      otherFaults(pool),
      fewerNodes(nodeCounts, SEEDS),
    ],
    simpler: [
      fewerSettings,
      fewerClients,
      fewerKeys,
      smallerOperations,
      simplerFaults,
      shorterTimes,
    ],
  };
}

const unused: Pass = async (trials) => {
  const { swarm: _, strategy: __, mutations: ___, ...plan } = trials.plan;
  await trials.accepts(plan);
};

/** Often a single one does it; a search from above may not come across it. */
const oneFault: Pass = async (trials) => {
  const { plan } = trials;
  if (plan.faults.length < 3) return;
  await trials.acceptsFirst(plan.faults.map((fault) => onlyFaults(plan, [fault])));
};

const fewerFaults: Pass = async (trials) => {
  const { plan } = trials;
  await ddmin(plan.faults, (faults) => trials.accepts(onlyFaults(plan, faults)));
  while (await trials.acceptsFirst(mergeFaults(trials.plan)));
};

/** By clients and by keys first: many at once, and those that belong together. */
const fewerOperations: Pass = async (trials) => {
  await ddminGroups(trials, ({ client }) => [client]);
  await ddminGroups(trials, keysOf);
  const { operations } = trials.plan;
  await ddmin(operations, (kept) => trials.acceptsFirst(withOnly(trials, kept)));
};

/** Those operations when they were really invoked, or as they are planned. */
function* withOnly({ best }: Trials, kept: readonly PlannedOperation[]): Generator<Plan> {
  const staying = new Set(kept.map(({ id }) => id));
  for (const plan of [pinned(best), best.plan]) {
    yield onlyOperations(
      plan,
      plan.operations.filter(({ id }) => staying.has(id)),
    );
  }
}

/** An operation stays when one of its groups does. */
async function ddminGroups<G>(
  trials: Trials,
  groupsOf: (operation: PlannedOperation) => readonly G[],
): Promise<void> {
  const { operations } = trials.plan;
  const groups = [...new Set(operations.flatMap(groupsOf))];
  if (groups.length < 2) return;
  await ddmin(groups, (kept) => {
    const staying = new Set(kept);
    const some = operations.filter((operation) => groupsOf(operation).some((g) => staying.has(g)));
    return trials.acceptsFirst(withOnly(trials, some));
  });
}

const soonerEnd: Pass = async (trials) => {
  await trials.acceptsFirst(soonerEnds(trials.plan));
  await trials.accepts(endsWithinLimit(trials.plan));
};

/** Seeds that a cut is tried under before it is given up. */
const SEEDS = 8;
/** The same, for cuts that are many. */
const SEEDS_OF_OTHERS = 3;
/** More operations than this are many; runs of fewer than those few cost little. */
const MANY = 30;
const FEW = 12;

function seedsFor(operations: number): number {
  if (operations > MANY) return SEEDS_OF_OTHERS;
  return operations > FEW ? SEEDS : 2 * SEEDS;
}

/** Messages that all take the same time leave less to chance than anything else. */
const calmNetwork: Pass = async (trials) => {
  const { plan } = trials;
  const network = { ...plan.network, jitterUs: 0 };
  await trials.acceptsUnderSomeSeed({ ...plan, network }, SEEDS);
};

const stubbornFaults: Pass = async (trials) => {
  const { faults, operations } = trials.plan;
  const seeds = seedsFor(operations.length);
  await ddmin(faults, (kept) => trials.acceptsUnderSomeSeed(onlyFaults(trials.plan, kept), seeds));
};

/** Where more faults are left, others are not tried in the place of two of them. */
const OTHER_FAULTS_MAX = 4;
/** Where as many are left, the choices of two are too many to try each under several seeds. */
const OTHER_FAULTS_MANY = 4;

/** One fault, whichever, instead of two of those that are left; the plainest ones first. */
function otherFaults(pool: readonly Fault[]): Pass {
  return async (trials) => {
    const left = trials.plan.faults.length;
    if (left > OTHER_FAULTS_MAX) return;
    const seeds = left < OTHER_FAULTS_MANY ? SEEDS_OF_OTHERS : 0;
    for (const fault of [...plainFaults(trials.plan), ...pool]) {
      const { faults } = trials.plan;
      if (faults.length < 2) return;
      if (pool.includes(fault) && faults.some(({ id }) => id === fault.id)) continue;
      for (const rest of combinations(faults, faults.length - 2)) {
        if (rest.some(({ id }) => id === fault.id)) continue;
        const candidate = onlyFaults(trials.plan, inOrder([...rest, fault]));
        if (await trials.acceptsUnderSomeSeed(candidate, seeds)) break;
      }
    }
  };
}

/** Of those that stay, some may have needed the others only to meet: they are tried at one time, too. */
const stubbornOperations: Pass = async (trials) => {
  const { operations } = trials.plan;
  const seeds = seedsFor(operations.length);
  await ddmin(operations, async (kept) => {
    const staying = new Set(kept.map(({ id }) => id));
    const plan = pinned(trials.best);
    const some = plan.operations.filter(({ id }) => staying.has(id));
    if (await trials.acceptsUnderSomeSeed(onlyOperations(plan, some), seeds)) return true;
    const atUs = Math.max(0, ...some.map((operation) => operation.atUs));
    const met = some.map((operation) => ({ ...operation, atUs }));
    return trials.acceptsUnderSomeSeed(onlyOperations(plan, met), seeds);
  });
};

/** Clusters of each size that makes sense, the smallest first, and who of the nodes stays. */
function fewerNodes(nodeCounts: readonly number[] | undefined, seeds = 0): Pass {
  return async (trials) => {
    const { plan } = trials;
    const sizes = nodeCounts ?? plan.nodes.map((_, i) => i + 1);
    const smaller = [...sizes].filter((size) => size < plan.nodes.length).sort((a, b) => a - b);
    for (const size of smaller) {
      for (const candidate of clustersOf(plan, size)) {
        if (await trials.acceptsUnderSomeSeed(candidate, seeds)) return;
      }
    }
  };
}

function* clustersOf(plan: Plan, size: number): Generator<Plan> {
  for (const kept of combinations(plan.nodes, size)) {
    for (const home of kept) {
      yield onNodes(plan, kept, { home, dropFaults: true });
      yield onNodes(plan, kept, { home, dropFaults: false });
    }
  }
}

const fewerSettings: Pass = async (trials) => {
  await trials.accepts({ ...trials.plan, clocks: {} });
  for (const node of Object.keys(trials.plan.clocks)) {
    const { [node]: _, ...clocks } = trials.plan.clocks;
    await trials.accepts({ ...trials.plan, clocks });
  }
  const { branch: _, ...unbranched } = trials.plan;
  await trials.accepts(unbranched);
  await trials.acceptsFirst(withoutRecovery(trials.plan));
};

/** One phase only: without what stood in the second, or with the first lasting as long as both. */
function withoutRecovery(plan: Plan): Plan[] {
  const { recovery, ...rest } = plan;
  if (recovery === undefined) return [];
  const { timeLimitUs } = plan;
  const first = <T extends { atUs: number }>(items: readonly T[]): T[] =>
    items.filter(({ atUs }) => atUs < timeLimitUs);
  return [
    { ...rest, operations: first(plan.operations), faults: first(plan.faults) },
    { ...rest, timeLimitUs: timeLimitUs + recovery.withinUs },
  ];
}

/** Clients in use are numbered without gaps, and as few as will do. */
const fewerClients: Pass = async (trials) => {
  const inUse = (): number[] =>
    [...new Set(trials.plan.operations.map(({ client }) => client))].sort((a, b) => a - b);
  await trials.acceptsFirst([
    renumberClients(trials.plan, inUse()),
    { ...trials.plan, clients: Math.max(0, ...inUse()) + 1 },
  ]);
  for (const from of inUse().reverse()) {
    const merged = inUse()
      .filter((to) => to < from)
      .map((to) => mergeClients(trials.plan, from, to));
    const renumbered = merged.map((plan) =>
      renumberClients(
        plan,
        inUse().filter((client) => client !== from),
      ),
    );
    await trials.acceptsFirst(renumbered);
  }
};

const fewerKeys: Pass = async (trials) => {
  const keys = [...new Set(trials.plan.operations.flatMap(keysOf))];
  for (const from of keys.slice(1).reverse()) {
    await trials.acceptsFirst(
      keys.filter((to) => to !== from).flatMap((to) => mergeKeys(trials.plan, from, to) ?? []),
    );
  }
};

const smallerOperations: Pass = async (trials) => {
  for (const { id } of trials.plan.operations) {
    const current = (): PlannedOperation =>
      trials.plan.operations.find((operation) => operation.id === id) as PlannedOperation;
    const forms = (): Plan[] =>
      smallerTransactions(current()).map((operation) => withOperation(trials.plan, operation));
    while (await trials.acceptsFirst(forms()));
  }
};

const simplerFaults: Pass = async (trials) => {
  const begun = begunOf(trials);
  for (const { id } of trials.plan.faults) {
    const forms = (): Plan[] => {
      const { plan } = trials;
      const fault = plan.faults.find((candidate) => candidate.id === id);
      if (fault === undefined) return [];
      return [...simplerForms(fault, plan.nodes, begun), ...milderForms(fault)].map((form) =>
        withFault(plan, form),
      );
    };
    while (await trials.acceptsFirst(forms()));
  }
};

/** When faults began in the best run, as the history says. */
function begunOf({ best }: Trials): Begun {
  const begun = new Map<number, number>();
  for (const { process, f, time, value } of best.history.observations) {
    const fault = best.plan.faults.find(({ id }) => id === (value as { id?: number } | null)?.id);
    if (process !== "nemesis" || f !== fault?.kind) continue;
    begun.set(fault.id, Math.floor(time / 1000));
  }
  return begun;
}

const shorterTimes: Pass = async (trials) => {
  for (const grid of gridsUs) {
    if (await trials.accepts(withTimes(trials.plan, (us) => onGrid(us, grid)))) break;
  }
  for (const cut of shorterSilences(trials.plan)) await trials.accepts(cut(trials.plan));
  for (const { id } of trials.plan.faults) {
    const forms = (): Plan[] =>
      trials.plan.faults
        .filter((fault) => fault.id === id)
        .flatMap(shorterFaults)
        .map((form) => withFault(trials.plan, form));
    while (await trials.acceptsFirst(forms()));
  }
  for (const { id } of trials.plan.operations) await trials.acceptsFirst(rounder(trials.plan, id));
};

function rounder(plan: Plan, id: number): Plan[] {
  const operation = plan.operations.find((candidate) => candidate.id === id) as PlannedOperation;
  return gridsUs.map((grid) =>
    withOperation(plan, { ...operation, atUs: onGrid(operation.atUs, grid) }),
  );
}
