/** The mistakes that registries have made. */

import type { Bug } from "../system.js";

/** Who is there is not found, or who is gone is: an old view shows both. */
const views = ["stale-route", "zombie-instance", "lost-instance", "live-instance-evicted"] as const;

function outOfDate(likeliest: (typeof views)[number]): string[] {
  return [likeliest, ...views.filter((view) => view !== likeliest)];
}

export const bugs: { readonly [name: string]: Bug } = {
  "wall-clock-lease": {
    id: "N1",
    summary: "a lease ends by the sender's calendar clock, held against the registry's own",
    source: "registrations with a time of expiry in them: a skewed clock evicts who renews in time",
    needs: "skew between two calendar clocks",
    checker: "registry",
    anomalies: outOfDate("live-instance-evicted"),
    nemesis: "clock",
    options: { kind: "central" },
  },
  "cache-outlives-registry": {
    id: "N2",
    summary: "a cache goes on answering after its time where the registry cannot be reached",
    source: "Netflix Eureka, self-preservation: clients are sent to instances long gone (2012)",
    needs: "a partition, or a registry that is down",
    checker: "registry",
    anomalies: outOfDate("stale-route"),
    nemesis: "partition",
    options: { kind: "central" },
  },
  "heartbeat-registers": {
    id: "N3",
    summary: "a heartbeat for an instance that is not registered registers it, however late it is",
    source: "upserts on heartbeat: the instance that was deregistered comes back as a zombie",
    needs: "a heartbeat that is late, or comes twice",
    checker: "registry",
    anomalies: outOfDate("zombie-instance"),
    nemesis: "slow-network",
    options: { kind: "central" },
  },
  "watch-from-now": {
    id: "N4",
    summary: "after a list the watch begins with what happens next, not at the list's revision",
    source: "Kubernetes, list and watch without a resourceVersion: events in between are lost",
    needs: "a change while a cache lists: at its start, after a restart or a long absence",
    checker: "registry",
    anomalies: [...outOfDate("lost-instance"), "divergence"],
    nemesis: "crash",
    options: { kind: "central" },
  },
  "stabilise-as-published": {
    id: "H5",
    summary:
      "a node takes over who its successor names unasked, joins with one successor, and asks nobody else",
    source:
      "Chord (Stoica et al. 2001), shown not to keep its ring by Zave, Using lightweight modeling to understand Chord (2012)",
    needs: "nodes that fail, or seem to, and join again",
    checker: "registry",
    anomalies: ["broken-ring", "divergence", ...views],
    options: { kind: "dht" },
  },
};
