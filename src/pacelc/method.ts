/** Everything that the figures depend on, beside the system and the seed. Milliseconds are virtual. */

export const method = {
  /** d: between nodes at different sites, one way. */
  oneWayMs: 10,
  /** Between a client and its node, and between nodes of one site. */
  nearUs: 100,
  /** How long a client waits for an answer: longer than a store that asks again and again needs. */
  timeoutMs: 3_000,
  /** Clients begin, once a leader can have been elected. */
  beginMs: 2_000,
  whole: {
    /** In the first run all sites are d apart. In the others each is once far from the rest, */
    farMs: 40,
    /** of whom any two are one of these apart. */
    nearMs: [2, 5, 10],
    /** Written at every node; besides, each node has a key that is written there only. */
    sharedKey: "shared",
    clientsPerNode: 2,
    operationsPerClient: 50,
    /** Between two operations of a client, on average; slower stores take what time they need. */
    everyMs: 25,
    endMs: 7_000,
  },
  cut: {
    keys: ["w", "x", "y", "z"],
    /** Every client has been served once by then: sessions that begin cut off are another question. */
    cutMs: 3_000,
    /** What is asked from here on counts; for longer than a client waits, so that each asks. */
    countMs: 6_000,
    endMs: 9_500,
    /** Later than the last of them can be answered. */
    healMs: 12_600,
    everyMs: 500,
  },
} as const;
