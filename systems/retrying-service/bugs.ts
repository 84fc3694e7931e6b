/** What turns a short trouble into a long one, or a small one into a big one. */

import type { Bug } from "../system.js";

export const retryingServiceBugs: { readonly [name: string]: Bug } = {
  "no-jitter": {
    id: "V1",
    summary:
      "each retry waits exactly as long as the backoff says: who failed together comes together",
    source: "Brooker 2015, Exponential Backoff and Jitter (AWS)",
    needs: "a moment in which several requests fail",
    checker: "goodput",
    anomalies: ["synchronised-retries"],
  },
  "retries-at-every-layer": {
    id: "V2",
    summary: "the layer in the middle retries, too: three attempts of three make nine",
    source: "Bronson et al. 2021; Huang et al. 2022, metastable failures in the wild (OSDI)",
    needs: "a moment in which the back end does not answer",
    checker: "goodput",
    anomalies: ["retry-amplification"],
  },
  "serves-the-departed": {
    id: "V3",
    summary: "time-outs are shorter than the queue, and the back end serves who has given up, too",
    source: "Bronson et al. 2021, Metastable failures in distributed systems (HotOS)",
    needs: "a pause or a slow time that fills the queue, and no budget or breaker to empty it",
    checker: "goodput",
    anomalies: ["goodput-collapse", "no-recovery"],
    nemesis: "pause",
    options: { budget: false, breaker: false },
  },
  "same-seed": {
    id: "V4",
    summary: "every node draws its jitter from the same seed, so that all wait for the same times",
    source: "a generator seeded in the image, or by the time of a start that is the same for all",
    needs: "moments in which requests fail on two nodes",
    checker: "goodput",
    anomalies: ["synchronised-retries"],
  },
};
