/** The operations of a run, each with the operation of the plan that it carries out. */

import type { History, Operation } from "../../histories/index.js";
import type { Plan } from "../plan/plan.js";
import type { ExplainedOperation } from "./explanation.js";
import { answer, request, seconds, span } from "./words.js";

/**
 * The number in the plan of each operation of the history, by `Operation.id`. A client performs what
 * is planned for it in order, under a process number that grows by the number of clients whenever an
 * answer stays out; final reads come after and are nobody's.
 */
export function plannedBy({ operations }: History, plan: Plan): Map<number, number> {
  const result = new Map<number, number>();
  for (let client = 0; client < plan.clients; client++) {
    const planned = plan.operations.filter((operation) => operation.client === client);
    const done = operations.filter(
      ({ process, final }) => !final && process % plan.clients === client,
    );
    done.forEach(({ id }, i) => {
      const one = planned[i];
      if (one !== undefined) result.set(id, one.id);
    });
  }
  return result;
}

/** What is told of an operation whatever is proven about it later. */
export function described(
  operation: Operation,
  plan: Plan,
  about: { planned: number | null; involved: boolean },
): ExplainedOperation {
  const { id, process, f, key = null, input, output, outcome, node = null } = operation;
  const completedUs = Number.isFinite(operation.completedAt) ? us(operation.completedAt) : null;
  return {
    id,
    planned: about.planned,
    process,
    client: process % plan.clients,
    node,
    f,
    key,
    input,
    output,
    outcome,
    invokedUs: us(operation.invokedAt),
    completedUs,
    words: operationWords(operation),
    involved: about.involved,
    without: null,
    reads: [],
  };
}

/** "process 3: write 5 to x at n2, from 1.2 s to 1.3 s: ok" */
export function operationWords(operation: Operation): string {
  const { process, node, final, invokedAt, completedAt } = operation;
  const where = node === undefined ? "" : ` at ${node}`;
  const when = Number.isFinite(completedAt)
    ? span(us(invokedAt), us(completedAt))
    : `from ${seconds(us(invokedAt))} on`;
  const kind = final ? " (final)" : "";
  return `process ${process}: ${request(operation)}${where}${kind}, ${when}: ${answer(operation)}`;
}

/** "process 3, from 1.2 s to 1.3 s" */
export function whoAndWhen({ process, invokedAt, completedAt }: Operation): string {
  const when = Number.isFinite(completedAt)
    ? span(us(invokedAt), us(completedAt))
    : `from ${seconds(us(invokedAt))} on`;
  return `process ${process}, ${when}`;
}

function us(ns: number): number {
  return Math.floor(ns / 1000);
}
