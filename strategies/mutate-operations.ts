/**
 * Moves on the operations of the first phase: earlier or later, at another node, on another key.
 * Every operation stays, with its value and its place in the order of its client.
 */

import type { Json } from "../src/base/json.js";
import type { Plan, PlannedOperation } from "../src/plan/plan.js";
import type { Random } from "../src/random/random.js";
import { MILLISECOND_US, SECOND_US } from "./draw.js";
import type { Move } from "./move.js";

/** A block of operations, of all clients or of one, comes earlier or later by up to a second. */
const shiftBlock: Move = (plan, random) => {
  const beginsUs = random.int(plan.timeLimitUs);
  const endsUs = beginsUs + random.magnitude(10 * MILLISECOND_US, 2 * SECOND_US);
  const only = random.chance(1, 2) ? random.int(plan.clients) : undefined;
  const byUs = random.pick([-1, 1]) * random.magnitude(MILLISECOND_US, SECOND_US);
  const moves = ({ atUs, client }: PlannedOperation): boolean =>
    atUs >= beginsUs && atUs < endsUs && (only === undefined || client === only);
  const earliest = new Map<number, number>();
  const shifted = plan.operations.map((operation) => {
    if (!isOfMain(plan, operation)) return operation;
    const wanted = operation.atUs + (moves(operation) ? byUs : 0);
    const atUs = Math.min(
      plan.timeLimitUs - 1,
      Math.max(wanted, earliest.get(operation.client) ?? 0),
    );
    earliest.set(operation.client, atUs);
    return { ...operation, atUs };
  });
  // Stable, so that those of a client keep their order also where they begin together.
  return { ...plan, operations: shifted.sort((a, b) => a.atUs - b.atUs) };
};

/** One operation, or a row of a client's, turns to another node. */
const moveNode: Move = (plan, random) => {
  const chosen = pickOne(plan, random);
  if (chosen === undefined || !roams(plan, chosen.client)) return plan;
  const node = random.pick(plan.nodes);
  const untilUs = chosen.atUs + (random.chance(1, 2) ? 0 : random.magnitude(1, SECOND_US));
  return {
    ...plan,
    operations: plan.operations.map((operation) =>
      operation.client === chosen.client &&
      isOfMain(plan, operation) &&
      operation.atUs >= chosen.atUs &&
      operation.atUs <= untilUs
        ? { ...operation, node }
        : operation,
    ),
  };
};

/** One read, write or compare-and-set is about another key, where its value is new, too. */
const changeKey: Move = (plan, random) => {
  const chosen = pickOne(plan, random);
  if (chosen?.key === undefined || !["read", "write", "cas"].includes(chosen.f)) return plan;
  const keys = plan.operations.flatMap(({ f, key }) =>
    f === chosen.f && key !== undefined && key !== chosen.key ? [key] : [],
  );
  if (keys.length === 0) return plan;
  const key = random.pick(keys);
  const written = new Set(
    plan.operations.flatMap((operation) =>
      operation.key === key ? numbersIn(operation.value) : [],
    ),
  );
  if (numbersIn(chosen.value).some((value) => written.has(value))) return plan;
  return {
    ...plan,
    operations: plan.operations.map((operation) =>
      operation === chosen ? { ...operation, key } : operation,
    ),
  };
};

export const operationMoves: readonly Move[] = [shiftBlock, shiftBlock, moveNode, changeKey].map(
  (move): Move =>
    (plan, random) =>
      // Its threads, their places and their times are what a litmus test is.
      plan.workload === "litmus" ? plan : move(plan, random),
);

function isOfMain({ timeLimitUs }: Plan, { atUs }: PlannedOperation): boolean {
  return atUs < timeLimitUs;
}

function pickOne(plan: Plan, random: Random): PlannedOperation | undefined {
  const ofMain = plan.operations.filter((operation) => isOfMain(plan, operation));
  return ofMain.length === 0 ? undefined : random.pick(ofMain);
}

/** A client that keeps to one node may have been promised something for it. */
function roams({ operations }: Plan, client: number): boolean {
  const nodes = new Set(operations.flatMap((one) => (one.client === client ? [one.node] : [])));
  return nodes.size > 1;
}

function numbersIn(value: Json): number[] {
  if (typeof value === "number") return [value];
  return Array.isArray(value) ? value.flatMap(numbersIn) : [];
}
