/** The passes: each proposes smaller plans of one sort, and takes those that fail in the same way. */

import type { Plan, PlannedOperation } from "../plan/plan.js";
import { ddmin } from "./ddmin.js";
import {
  type Begun,
  mergeFaults,
  milderForms,
  onlyFaults,
  simplerForms,
  withFault,
} from "./faults.js";
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
  /** What takes most away comes first. */
  inOrder: readonly Pass[];
  /** When those find nothing any more: the same cuts under other seeds. */
  stubborn: readonly Pass[];
}

export function passesFor({ nodeCounts }: { nodeCounts?: readonly number[] }): Passes {
  return {
    unused,
    inOrder: [
      fewerFaults,
      fewerOperations,
      soonerEnd,
      fewerNodes(nodeCounts),
      fewerSettings,
      fewerClients,
      fewerKeys,
      smallerOperations,
      simplerFaults,
      shorterTimes,
    ],
    stubborn: [calmNetwork, stubbornFaults, stubbornOperations, fewerNodes(nodeCounts, SEEDS)],
  };
}

const unused: Pass = async (trials) => {
  const { swarm: _, strategy: __, mutations: ___, ...plan } = trials.plan;
  await trials.accepts(plan);
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
  const { plan } = trials;
  await ddmin(plan.operations, (kept) => trials.accepts(onlyOperations(plan, kept)));
};

/** An operation stays when one of its groups does. */
async function ddminGroups<G>(
  trials: Trials,
  groupsOf: (operation: PlannedOperation) => readonly G[],
): Promise<void> {
  const { plan } = trials;
  const groups = [...new Set(plan.operations.flatMap(groupsOf))];
  if (groups.length < 2) return;
  await ddmin(groups, (kept) => {
    const staying = new Set(kept);
    return trials.accepts(
      onlyOperations(
        plan,
        plan.operations.filter((operation) => groupsOf(operation).some((g) => staying.has(g))),
      ),
    );
  });
}

const soonerEnd: Pass = async (trials) => {
  await trials.acceptsFirst(soonerEnds(trials.plan));
  await trials.accepts(endsWithinLimit(trials.plan));
};

/** Seeds that a cut is tried under before it is given up. */
const SEEDS = 8;

/** Messages that all take the same time leave less to chance than anything else. */
const calmNetwork: Pass = async (trials) => {
  const { plan } = trials;
  const network = { ...plan.network, jitterUs: 0 };
  await trials.acceptsUnderSomeSeed({ ...plan, network }, SEEDS);
};

const stubbornFaults: Pass = async (trials) => {
  const { plan } = trials;
  await ddmin(plan.faults, (faults) =>
    trials.acceptsUnderSomeSeed({ ...trials.plan, faults: [...faults] }, SEEDS),
  );
};

const stubbornOperations: Pass = async (trials) => {
  const { plan } = trials;
  await ddmin(plan.operations, (kept) =>
    trials.acceptsUnderSomeSeed(onlyOperations(trials.plan, kept), SEEDS),
  );
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
