/**
 * A store that is as weak as an x86 processor, and no weaker.
 *
 * The abstract machine of Owens, Sarkar and Sewell (A better x86 memory model: x86-TSO, 2009), with
 * sessions for hardware threads. A write goes into its session's store buffer and is acknowledged
 * there; later, oldest first, the entries go to one memory. A read takes the newest entry of its key
 * from its own session's buffer, else what the memory has. A fence is answered when the buffer is
 * empty. An exchange (swap, cas) waits for the buffer, too, and is one step of the memory.
 *
 * Promises total store order: all sessions agree on one order of writes, which each session's own
 * writes reach late and in order, so that it may read another key before its own write is seen. It
 * is weaker than sequential consistency by exactly that (the shape "store buffering").
 *
 * How it lasts. Buffers live on their home's disk (sessions.ts) before a write is acknowledged, and
 * the memory on that of the first node. Every change has its place in its session, so that neither a
 * buffer that sends again nor a request delivered twice makes it happen twice. A read of a key whose
 * newest own entry is under way asks the memory which of the two has it: taking the own entry when
 * the memory has gone on from it would be a step back in the memory's order.
 *
 * Left out: fail-over. Without the first node there are own entries to read, and no more; without
 * its home a session waits.
 */

import { sessionProbes } from "../sessions/sessions.js";
import type { System } from "../system.js";
import { TsoNode } from "./node.js";

const fencedBuffering = `store SB+fences
{ }
 P0      | P1      ;
 x := 1  | y := 1  ;
 fence   | fence   ;
 r0 := y | r0 := x ;
exists (0:r0=0 /\\ 1:r0=0)
`;

const ownWrite = `store CoWR
{ }
 P0      | P1      ;
 x := 1  | x := 2  ;
 r0 := x | r0 := x ;
exists (0:r0=0)
`;

const messagePassing = `store MP
{ }
 P0      | P1      ;
 x := 1  | r0 := y ;
 y := 1  | r1 := x ;
exists (1:r0=1 /\\ 1:r1=0)
`;

const exchanges = `store swaps
{ }
 P0              | P1              ;
 r0 := swap(x,1) | r0 := swap(x,2) ;
exists (0:r0=0 /\\ 1:r0=0)
`;

const parking = `store Parker
{ }
 P0              | P1      ;
 r0 := swap(x,1) | y := 1  ;
 r1 := y         | fence   ;
                 | r0 := x ;
exists (0:r1=0 /\\ 1:r0=0)
`;

export const tsoStore: System = {
  name: "tso-store",
  summary: "registers behind per-session store buffers: total store order, as on x86",
  nodeCounts: [3],
  workloads: ["register", "causal-sessions", "litmus", "dekker"],
  options: {},
  bugs: {
    "fence-noop": {
      id: "W1",
      summary: "a fence is answered without a look at the buffer",
      source: "Dekker's mutual exclusion without MFENCE: Intel SDM volume 3, section 8.2.3.4",
      needs: "two rivals that raise their flags, fence, and look at each other's",
      checker: "mutual-exclusion",
      anomalies: ["mutual-exclusion"],
      nemesis: "none",
      workload: "dekker",
    },
    "exchange-not-a-fence": {
      id: "W2",
      summary: "an exchange is answered at once, and what it stores waits in the buffer",
      source:
        "HotSpot's Parker (CR 6822370, 2009): a store delayed past a check, and a wake-up is lost",
      needs: "a session that exchanges one key and reads another, and one that does the reverse",
      checker: "litmus",
      anomalies: ["forbidden-outcome"],
      nemesis: "none",
      workload: "litmus",
      options: { test: parking },
    },
    "fence-wrong-side": {
      id: "W3",
      summary: "a fence is answered when the last entry was sent, not when the memory has it",
      source:
        "posted PCI writes without a read back; PostgreSQL's synchronous_commit = remote_write",
      needs: "two sessions that write, fence and read within a message's delay",
      checker: "litmus",
      anomalies: ["forbidden-outcome"],
      nemesis: "none",
      workload: "litmus",
      options: { test: fencedBuffering },
    },
    "no-forwarding": {
      id: "W4",
      summary: "a read goes to the memory past the session's own buffer",
      source:
        "Owens, Sarkar, Sewell, x86-TSO (2009): forwarding, as in litmus test n6; Terry et al. (PDIS 1994)",
      needs: "a session that reads what it has just written",
      checker: "litmus",
      anomalies: ["forbidden-outcome"],
      nemesis: "none",
      workload: "litmus",
      options: { test: ownWrite },
    },
    "buffer-not-fifo": {
      summary: "entries of different keys leave a buffer in any order",
      source: "SPARC's partial store order; producers that keep one queue per partition",
      needs: "a session that writes two keys, and one that reads them in the other order",
      checker: "litmus",
      anomalies: ["forbidden-outcome"],
      nemesis: "none",
      workload: "litmus",
      options: { test: messagePassing },
    },
    "exchange-not-atomic": {
      summary: "a swap reads the memory, then writes: others get in between",
      source:
        "XCHG in herd7's x86 models, whose two halves were not ordered; read-then-write counters",
      needs: "two sessions that exchange one key at the same time",
      checker: "litmus",
      anomalies: ["forbidden-outcome"],
      nemesis: "none",
      workload: "litmus",
      options: { test: exchanges },
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  // A session waits for its home, and a change for the first node.
  recovery: { core: (nodeCount) => nodeCount, withinMs: 4_000 },
  probes: [
    ...sessionProbes,
    "a read was served from its session's buffer",
    "a read overtook its session's write on the way to the memory",
    "the memory was asked again",
    "a node restarted with entries in its buffers",
  ],
  service: () => ({
    operations: ["read", "write", "cas", "swap", "fence"],
    consistency: "tso",
  }),
  create: (context) => new TsoNode(context),
};
