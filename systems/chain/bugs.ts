/** What can be switched on: mistakes of chain replication, by their numbers in the catalogue. */

import { notLinearizable } from "../anomalies.js";
import type { Bug } from "../system.js";

const anywhere = { reads: "any" } as const;

export const bugs: { readonly [name: string]: Bug } = {
  "reads-dirty": {
    id: "E1",
    summary: "a node that is not the tail answers with its newest version, committed or not",
    source:
      "van Renesse and Schneider (OSDI 2004): queries go to the tail; Terrace and Freedman (USENIX ATC 2009), section 2.3",
    needs: "an update under way, and reads at two nodes",
    checker: "linearizable",
    anomalies: notLinearizable,
    options: anywhere,
  },
  "sent-list-dropped": {
    id: "E2",
    summary: "what was passed to a failed node in the middle is not sent again to its successor",
    source: "van Renesse and Schneider (OSDI 2004), on coping with server failures: Sent lists",
    needs: "a node in the middle that stops with updates under way",
    checker: "linearizable",
    anomalies: notLinearizable,
    options: anywhere,
  },
  "old-tail-answers": {
    id: "E3",
    summary: "a node answers reads without asking whether its epoch is still the latest",
    source:
      "van Renesse and Schneider (OSDI 2004) assume fail-stop nodes; MIT 6.824's notes on CRAQ (2020): no defence of its own against partitions",
    needs: "a tail cut off until it is taken out of the chain",
    checker: "linearizable",
    anomalies: notLinearizable,
  },
  "collects-under-reads": {
    id: "E4",
    summary: "a read that waited for the tail finds its version collected, and answers null",
    source:
      "Whittaker, CRAQ Garbage Collection Bug (2020), on Terrace and Freedman (USENIX ATC 2009)",
    needs: "an acknowledgement that comes up the chain while a dirty read waits",
    checker: "linearizable",
    anomalies: notLinearizable,
    workload: "register",
    options: anywhere,
  },
};
