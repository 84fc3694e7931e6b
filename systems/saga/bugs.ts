/** What goes wrong in sagas: the three rules of compensation, isolation, news that is lost, and order. */

import type { Bug } from "../system.js";

const choreography = { coordination: "choreography" } as const;

export const sagaBugs: { readonly [name: string]: Bug } = {
  "empty-rollback": {
    id: "S1",
    summary: "an undo that comes before its step, or without it, pays back what was never paid",
    source: "Seata, transaction fence: empty rollback of a TCC resource",
    needs: "a request that is lost or late",
    checker: "saga",
    anomalies: ["groundless-compensation", "out-of-order-compensation"],
  },
  suspension: {
    id: "S2",
    summary: "a step that comes after its undo is done, and nobody will ever undo it",
    source: "Seata, transaction fence: suspension of a TCC resource",
    needs: "a request that is late",
    checker: "saga",
    anomalies: ["half-done-saga"],
  },
  "compensation-not-idempotent": {
    id: "S3",
    summary: "an undo that comes twice pays back twice",
    source: "Seata, transaction fence: idempotence of a TCC resource",
    needs: "a duplicate, or an answer that is lost",
    checker: "saga",
    anomalies: ["double-effect"],
  },
  "no-isolation": {
    id: "S4",
    summary:
      "a charge starts from the balance that an earlier check has seen, whatever came between",
    source: "Garcia-Molina, Salem 1987: sagas are not isolated from each other",
    needs: "two orders of one customer at a time",
    checker: "saga",
    anomalies: ["lost-update"],
  },
  "no-outbox": {
    id: "S5",
    summary: "what a service did is on disk, the event that tells of it is not",
    source: "the dual-write problem, for which the transactional outbox was made (Richardson 2018)",
    needs: "a crash between the write and the event",
    checker: "saga",
    anomalies: ["stuck-saga"],
    options: choreography,
  },
  "repeats-after-restart": {
    id: "S6",
    summary: "an orchestrator that comes back asks under new keys, and the services do it again",
    source: "idempotency keys that name the attempt, not the request",
    needs: "a crash of the orchestrator",
    checker: "saga",
    anomalies: ["double-effect", "half-done-saga"],
  },
  "compensates-forwards": {
    id: "S7",
    summary:
      "compensations go in the order of the steps: money is back while goods are still on their way",
    source: "Garcia-Molina, Salem 1987: compensations run in reverse order",
    needs: "a step that fails after two that succeeded",
    checker: "saga",
    anomalies: ["out-of-order-compensation"],
  },
};
