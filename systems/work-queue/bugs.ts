/** What goes wrong between a queue and an effect: dedupe, producers' numbers, acknowledgements, leases. */

import type { Bug } from "../system.js";

export const workQueueBugs: { readonly [name: string]: Bug } = {
  "dedupe-apart": {
    id: "X1",
    summary: "the effect is stored in one step, and in another that the job is done",
    source: "the idempotent receiver whose check, effect and note are no transaction",
    needs: "a crash or a lost message between the two",
    checker: "job-accounting",
    anomalies: ["duplicate-effect"],
  },
  "window-below-retry": {
    id: "X2",
    summary: "the store remembers a job for a shorter time than it may take to come again",
    source:
      "Amazon SQS FIFO: the deduplication interval is 5 minutes, and visibility may be 12 hours",
    needs: "an acknowledgement that is lost, or late",
    checker: "job-accounting",
    anomalies: ["duplicate-effect"],
  },
  "sequence-restarts": {
    id: "X3",
    summary: "a producer that restarts counts from 0 again under its old name",
    source: "what producer ids and epochs are for: Kafka, KIP-98 (2017)",
    needs: "a producer that restarts",
    checker: "job-accounting",
    anomalies: ["dropped-as-duplicate"],
  },
  "acks-before-processing": {
    id: "X4",
    summary: "a consumer acknowledges a job when it has got it, and then works on it",
    source: "Kafka: enable.auto.commit; RabbitMQ: automatic acknowledgement mode",
    needs: "a consumer that crashes while it works; for the order alone, two jobs of one producer",
    checker: "job-accounting",
    anomalies: ["lost-job", "reordered-jobs"],
  },
  "timeout-below-work": {
    id: "X5",
    summary: "the visibility timeout is shorter than the work, and nobody renews it or looks at it",
    source:
      "Amazon SQS: visibility timeout and ChangeMessageVisibility; Celery's visibility_timeout",
    needs: "a job that takes long",
    checker: "job-accounting",
    anomalies: ["concurrent-processing"],
  },
  "gap-accepted": {
    id: "X6",
    summary:
      "several jobs are under way, and one is taken though the one before is to be sent again",
    source: "Kafka: max.in.flight.requests.per.connection above 1 with retries, not idempotent",
    needs: "a request that is lost or overtaken",
    checker: "job-accounting",
    anomalies: ["reordered-jobs"],
  },
  "unacked-forgotten": {
    id: "X8",
    summary: "a broker that restarts takes what was out and not acknowledged for gone",
    source: "AMQP brokers that recover the queue and not its unacknowledged deliveries",
    needs: "a crash of the broker's node, while a consumer there has a job",
    checker: "job-accounting",
    anomalies: ["lost-job"],
  },
};
