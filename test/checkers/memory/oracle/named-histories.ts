/**
 * Seventy histories with the verdicts of all models, as literature and exhaustive enumeration have them.
 *
 * Per row: name; the columns LIN SC TSO PSO PC CACHE PRAM CC CM CCv RYW MR MW WFR, `+` allowed, `-`
 * forbidden, `.` no times given; the history; then what else is known. SGk (arbitration) and SVk
 * (views) tell the smallest sets of session guarantees that cannot hold together, where each alone
 * can; K and D the staleness (D in nanoseconds); RA+ that release/acquire allows what no one
 * arbitration does; NCC- a causal circle; THIN- a value out of thin air; CONV and CCvF eventual
 * consistency and strong convergence.
 */

import type { Guarantee } from "./sessions.js";

export interface Named {
  name: string;
  text: string;
  /** Model to verdict, of the models with a column that applies. */
  verdicts: ReadonlyMap<string, boolean>;
  /** The smallest sets of guarantees that a reading forbids; absent where a single one is forbidden. */
  broken?: { arbitration: readonly Guarantee[][]; views: readonly Guarantee[][] };
  /** Where times are given; Infinity where nothing explains the reads. */
  staleness?: { k: number; deltaNs: number };
}

const columns = [
  "linearizable",
  "sequential",
  "tso",
  "pso",
  "processor",
  "coherence",
  "pram",
  "causal",
  "causal-memory",
  "causal-convergence",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
] as const;

const short: Readonly<Record<string, Guarantee>> = {
  RYW: "read-your-writes",
  MR: "monotonic-reads",
  MW: "monotonic-writes",
  WFR: "writes-follow-reads",
};

const table = `
SB : .-++++++++++++ : P1: w(x,1) r(y)0 | P2: w(y,1) r(x)0
SB+fences : .---++++++++++ : P1: w(x,1) f r(y)0 | P2: w(y,1) f r(x)0
SB+rfi : .-++++++++++++ : P1: w(x,1) r(x)1 r(y)0 | P2: w(y,1) r(y)1 r(x)0
SB3 : .-++++++++++++ : P1: w(x,1) r(y)0 | P2: w(y,1) r(z)0 | P3: w(z,1) r(x)0
MP : .--+-+----++++ : P1: w(x,1) w(y,1) | P2: r(y)1 r(x)0 : SGk breaks MR+MW; SVk breaks MR+MW
MP+fence : .----+----++++ : P1: w(x,1) f w(y,1) | P2: r(y)1 r(x)0 : SGk breaks MR+MW; SVk breaks MR+MW
LB : .---+++---+++- : P1: r(x)1 w(y,1) | P2: r(y)1 w(x,1) : NCC-
IRIW : .---++++++++++ : P1: w(x,1) | P2: w(y,1) | P3: r(x)1 r(y)0 | P4: r(y)1 r(x)0
WRC : .---+++---++++ : P1: w(x,1) | P2: r(x)1 w(y,1) | P3: r(y)1 r(x)0 : SGk breaks MR+WFR; SVk breaks MR+WFR
RWC : .-++++++++++++ : P1: w(x,1) | P2: r(x)1 r(y)0 | P3: w(y,1) r(x)0
ISA2 : .--++++---++++ : P1: w(x,1) w(y,1) | P2: r(y)1 w(z,1) | P3: r(z)1 r(x)0 : SGk breaks MR+MW+WFR; SVk breaks MR+MW+WFR
W+RWC : .-++++++++++++ : P1: w(x,1) w(y,1) | P2: r(y)1 r(z)0 | P3: w(z,1) r(x)0
Z6.3 : .--+-+++++++++ : P1: w(x,1) w(y,1) | P2: w(y,2) w(z,1) | P3: r(z)1 r(x)0 | P4: r(y)1 r(y)2
2+2W-obs : .--+-++++-++++ : P1: w(x,1) w(y,2) | P2: w(y,1) w(x,2) | P3: r(x)2 r(x)1 | P4: r(y)2 r(y)1 : RA+; SGk breaks MR+MW
2+2W-own : .--+-++++-++++ : P1: w(x,1) w(y,2) r(y)1 | P2: w(y,1) w(x,2) r(x)1 : RA+; SGk breaks RYW+MW
R : .-++-+++++++++ : P1: w(x,1) w(y,1) | P2: w(y,2) r(x)0 | P3: r(y)1 r(y)2
S : .--+-++---++++ : P1: w(x,2) w(y,1) | P2: r(y)1 w(x,1) | P3: r(x)1 r(x)2 : SGk breaks MR+MW+WFR; SVk breaks MR+MW+WFR
CoRR : .-----+++-++++ : P1: w(x,1) | P2: w(x,2) | P3: r(x)1 r(x)2 | P4: r(x)2 r(x)1 : SGk breaks MR
CoRR1 : .---------+-++ : P1: w(x,1) w(x,2) | P2: r(x)2 r(x)1
CoWR : .-----+++-++++ : P1: w(x,1) r(x)2 | P2: w(x,2) r(x)1 : SGk breaks RYW
CoWR-own-old : .----------+++ : P1: w(x,1) w(x,2) r(x)1
CoRW : .-----+---++++ : P1: r(x)2 w(x,1) | P2: w(x,2) | P3: r(x)1 r(x)2 : SGk breaks MR+WFR; SVk breaks MR+WFR
CoRW1 : .------------- : P1: r(x)1 w(x,1) : NCC-
n6 : .-++-+++++++++ : P1: w(x,1) r(x)1 r(y)0 | P2: w(y,2) w(x,2) | P3: r(x)2 r(x)1
TSO-not-PC : .-++-+++++++++ : P1: w(x,1) r(z)0 | P2: w(z,2) w(x,2) r(x)1
PC-not-TSO : .---+++---++++ : P1: w(x,1) | P2: r(x)1 w(y,1) | P3: r(y)1 r(x)0 | P4: r(x)1 r(y)1 : SGk breaks MR+WFR; SVk breaks MR+WFR
POPL17-b : .-++-+-+-+++++ : P1: w(z,1) w(x,1) w(y,1) | P2: w(x,2) r(z)0 r(y)1 r(x)2 : SVk breaks RYW+MR+MW
POPL17-c : .------+--++++ : P1: w(x,1) | P2: w(x,2) r(x)1 r(x)2 : SGk breaks RYW+MR; SVk breaks RYW+MR
POPL17-d : .-++++++++++++ : P1: w(x,1) r(y)0 w(y,1) r(x)1 | P2: w(x,2) r(y)0 w(y,2) r(x)2
POPL17-e : .--+-++---++++ : P1: w(x,1) w(y,1) | P2: r(y)1 w(x,2) | P3: r(x)2 r(x)1 : SGk breaks MR+MW+WFR; SVk breaks MR+MW+WFR
WriteCOInitRead : .--++++---++++ : P1: w(x,1) w(y,1) | P2: r(y)1 w(z,1) | P3: r(z)1 r(x)0 | P4: r(x)1 : SGk breaks MR+MW+WFR; SVk breaks MR+MW+WFR
CyclicCF-2keys : .--+-++++-++++ : P1: w(x,1) w(y,1) r(y)2 | P2: w(y,2) w(x,2) r(x)1 | P3: r(y)2 r(x)2 : RA+; SGk breaks RYW+MW
LongFork4 : .--+++++++++++ : P1: w(x,1) w(z,1) | P2: w(y,1) w(u,1) | P3: r(z)1 r(y)0 | P4: r(u)1 r(x)0
LostUpdate : .+++++++++++++ : P1: r(x)0 w(x,1) | P2: r(x)0 w(x,2) | P3: r(x)1 r(x)2
CausalChain : .---+++---++++ : P1: w(a,1) | P2: r(a)1 w(b,1) | P3: r(b)1 w(c,1) | P4: r(c)1 r(a)0 : SGk breaks MR+WFR; SVk breaks MR+WFR
PostComment : .---+++---++++ : P1: w(post,1) | P2: r(post)1 w(comment,1) | P3: r(comment)1 r(post)0 r(post)1 : SGk breaks MR+WFR; SVk breaks MR+WFR
Photos-ACL : .+++++++++++++ : P1: w(acl,1) w(photo,1) | P2: r(acl)0 r(photo)1
RYW-init : .----------+++ : P1: w(x,1) r(x)0
RYW-stale-reread : .---------++++ : P1: r(x)1 w(x,2) r(x)1 | P2: w(x,1) : SGk breaks RYW+WFR; SVk breaks RYW
RYW-two-own : .----------+++ : P1: w(x,1) w(x,2) w(x,3) r(x)2
RYW-others : .+++++++++++++ : P1: w(x,1) r(x)2 | P2: w(x,2)
MR-init : .---------+-++ : P1: w(x,1) | P2: r(x)1 r(x)0
MR-ABA : .------+--+-++ : P1: w(x,1) | P2: w(x,2) | P3: r(x)1 r(x)2 r(x)1
MR-keys : .---------+-++ : P1: w(x,1) | P2: w(y,1) | P3: r(x)1 r(y)0 r(y)1 r(x)0
MW-one-key : .---------+-++ : P1: w(x,1) w(x,2) | P2: r(x)2 r(x)1 r(x)2
MW-two-sessions : .+++++++++++++ : P1: w(x,1) w(x,2) | P2: r(x)2 | P3: r(x)1
WFR-cycle : .-----+---+++- : P1: r(x)2 w(x,1) | P2: r(x)1 w(x,2) : NCC-
WFR-observer : .-----+---++++ : P1: w(x,1) | P2: r(x)1 w(x,2) | P3: r(x)2 r(x)1 : SGk breaks MR+WFR; SVk breaks MR+WFR
SlowOnly : .---------++++ : P1: w(x,1) w(y,1) | P2: w(x,2) | P3: r(y)1 r(x)0 r(x)1 r(x)2 | P4: r(x)2 r(x)1 : SGk breaks MR; SVk breaks MR+MW
Cache+PRAM-not-PC : .--+-++++-++++ : P1: w(x,1) w(y,1) | P2: w(y,2) w(x,2) | P3: r(x)2 r(x)1 | P4: r(y)1 r(y)2 : RA+; SGk breaks MR+MW
Duplicates-SC : .+++++++++++++ : P1: w(x,1) w(x,2) w(x,1) | P2: r(x)1 r(x)2 r(x)1
Duplicates-CC : .+++++++++++++ : P1: w(x,1) w(y,1) | P2: w(x,2) r(y)1 r(x)1 | P3: w(x,1)
ThinAir : .------------- : P1: w(x,1) | P2: r(x)7 : THIN-
Crash-maybe-used : .+++++++++++++ : P1: w(x,1) | P2: w(x,2)? | P3: r(x)2 r(x)1
Crash-maybe-unused : .+++++++++++++ : P1: w(x,1) w(x,2)? | P2: r(x)1 r(x)1
Lin-ok-concurrent : ++++++++++++++ : P1: w(x,1)@0-10 | P2: r(x)0@1-2 r(x)1@3-4 | P3: r(x)1@5-6 : K=1 D=0
Stale-read : -+++++++++++++ : P1: w(x,1)@0-1 | P2: r(x)0@2-3 : K=2 D=1
New-old-inversion : -+++++++++++++ : P1: w(x,1)@0-10 | P2: r(x)1@1-2 | P3: r(x)0@3-4 : K=2 D=1
K3-stale : -+++++++++++++ : P1: w(x,1)@0-1 w(x,2)@2-3 w(x,3)@4-5 | P2: r(x)1@6-7 : K=3 D=3
K2-two-keys : -+++++++++++++ : P1: w(x,1)@0-1 w(x,2)@2-3 | P2: w(y,1)@0-1 r(x)1@4-5 r(y)1@6-7 : K=2 D=1
Delta-20 : -+++++++++++++ : P1: w(x,1)@0-10 w(x,2)@20-30 | P2: r(x)1@50-60 : K=2 D=20
SB-timed : --++++++++++++ : P1: w(x,1)@0-2 r(y)0@3-4 | P2: w(y,1)@0-1 r(x)0@5-6 : K=2 D=3
Lin-crash : ++++++++++++++ : P1: w(x,1)@0-1 | P2: w(x,2)?@2 | P3: r(x)1@3-4 r(x)2@9-10 : K=1 D=0
Lin-crash-bad : -+++++++++++++ : P1: w(x,1)@0-1 | P2: w(x,2)?@2 | P3: r(x)2@3-4 r(x)1@9-10 : K=2 D=5
Future-read : -+++++++++++++ : P1: w(x,1)@5-6 | P2: r(x)1@0-1 : K=None D=None
Conv-ok : .+++++++++++++ : P1: w(x,1) R(x)2 | P2: w(x,2) R(x)2 : CONV+ CCvF+
Conv-split : .+++++++++++++ : P1: w(x,1) R(x)1 | P2: w(x,2) R(x)2 : CONV- CCvF-
Conv-lost : .-----------++ : P1: w(x,1) R(x)0 | P2: r(x)1 R(x)0 : CONV- CCvF-
Conv-older : .----------+++ : P1: w(x,1) w(x,2) R(x)1 | P2: R(x)1 : CONV+ CCvF-
Conv-partial : .+++++++++++++ : P1: w(x,1) | P2: w(x,2) R(x)2 | P3: R(x)2 | P4: r(x)1 R(x)2 : CONV+ CCvF+
`;

function namedOf(row: string): Named {
  const [name, marks, ...rest] = row.split(" : ");
  const text = rest[0]!;
  const known = rest[1] ?? "";
  const verdicts = new Map<string, boolean>();
  for (const [at, model] of columns.entries()) {
    if (marks![at] !== ".") verdicts.set(model, marks![at] === "+");
  }
  verdicts.set("release-acquire", verdicts.get("causal-convergence")! || known.includes("RA+"));
  if (known.includes("CONV")) verdicts.set("eventual", known.includes("CONV+"));
  if (known.includes("CCvF")) verdicts.set("strong-convergence", known.includes("CCvF+"));
  const isEachPossible = Object.values(short).every((guarantee) => verdicts.get(guarantee));
  const staleness = /K=(\w+) D=(\w+)/.exec(known);
  return {
    name: name!,
    text,
    verdicts,
    ...(isEachPossible
      ? { broken: { arbitration: setsOf(known, "SGk"), views: setsOf(known, "SVk") } }
      : {}),
    ...(staleness === null
      ? {}
      : { staleness: { k: bound(staleness[1]!), deltaNs: bound(staleness[2]!) } }),
  };
}

function setsOf(known: string, reading: string): Guarantee[][] {
  const set = new RegExp(`${reading} breaks ([A-Z+]+)`).exec(known)?.[1];
  return set === undefined ? [] : [set.split("+").map((name) => short[name]!)];
}

function bound(text: string): number {
  return text === "None" ? Number.POSITIVE_INFINITY : Number(text);
}

export const namedHistories: readonly Named[] = table.trim().split("\n").map(namedOf);
