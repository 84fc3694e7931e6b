/** Mistakes that detectors of distributed deadlocks have been published with, each at one `if`. */

import type { Bug } from "../system.js";

export const bugs = {
  "release-overtaken": {
    id: "D1",
    summary:
      "who has let go of a lock counts as its holder until the owner hears of it, be it after a later request",
    source:
      "Gligor and Shattuck 1980: Menasce and Muntz's (1979) protocols find deadlocks that are none",
    needs: "a release that is late or lost, and a request that overtakes it",
    checker: "deadlocks",
    anomalies: ["phantom-deadlock"],
    nemesis: "reorder",
  },
  "probes-once": {
    id: "D2",
    summary: "a probe is sent when somebody begins to wait, and never again",
    source: "Chandy, Misra, Haas 1983, who take for granted that no message is lost",
    needs: "one probe that is lost",
    checker: "deadlocks",
    anomalies: ["undetected-deadlock", "no-recovery"],
  },
  "every-finder-aborts": {
    id: "D3",
    summary:
      "each transaction whose probe comes back is a victim, though several on one cycle are probed for",
    source:
      "Chandy, Misra, Haas 1983, section 4 leaves open who resolves; Sinha, Natarajan 1985 on priorities",
    needs: "two probes on one cycle at a time",
    checker: "deadlocks",
    anomalies: ["needless-abort", "phantom-deadlock"],
  },
  "joins-old-reports": {
    id: "D4",
    summary:
      "a cycle of edges that were reported at different times is taken for a deadlock, and nobody asks again",
    source:
      "Ho and Ramamoorthy 1982: a centralised detector that does not ask twice finds false deadlocks",
    needs: "reports that are late",
    checker: "deadlocks",
    anomalies: ["phantom-deadlock", "needless-abort"],
    options: { detection: "central" },
  },
} as const satisfies { [name: string]: Bug };
