/**
 * The classic shapes of litmus tests, with fences, swaps and compare-and-sets in their places.
 *
 * Per row: name; the columns SC TSO PSO PC CACHE PRAM SLOW CC CM CCv RA RYW MR MW WFR, `+` allowed, `-`
 * forbidden; the history. What herd calls a final state is told by observers here, sessions that only
 * read: the verdicts of SC, TSO, PSO and coherence are those of its tests (Alglave, Maranget and
 * Tautschnig 2014).
 */

export interface Shape {
  name: string;
  text: string;
  /** Of every model with a column. */
  verdicts: ReadonlyMap<string, boolean>;
}

const columns = [
  "sequential",
  "tso",
  "pso",
  "processor",
  "coherence",
  "pram",
  "slow",
  "causal",
  "causal-memory",
  "causal-convergence",
  "release-acquire",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
] as const;

const table = `
SB : -++++++++++++++ : w(x,1) r(y)0 | w(y,1) r(x)0
SB+fence+po : -++++++++++++++ : w(x,1) f r(y)0 | w(y,1) r(x)0
SB+fences : ---++++++++++++ : w(x,1) f r(y)0 | w(y,1) f r(x)0
SB+swaps : ---++++++++++++ : swap(x,1)0 r(y)0 | swap(y,1)0 r(x)0
SB+swap+po : -++++++++++++++ : swap(x,1)0 r(y)0 | w(y,1) r(x)0
SB+cas-reads : ----+++++-+++++ : w(x,1) cas(y,0,2) | w(y,1) cas(x,0,2)
SB+foreign-swaps : ---++++++++++++ : w(x,1) swap(z,1)0 r(y)0 | w(y,1) swap(u,1)0 r(x)0
SB+rfis : -++++++++++++++ : w(x,1) r(x)1 r(y)0 | w(y,1) r(y)1 r(x)0
3.SB : -++++++++++++++ : w(x,1) r(y)0 | w(y,1) r(z)0 | w(z,1) r(x)0
3.SB+fences : ---++++++++++++ : w(x,1) f r(y)0 | w(y,1) f r(z)0 | w(z,1) f r(x)0
3.SB+fences+po : -++++++++++++++ : w(x,1) f r(y)0 | w(y,1) f r(z)0 | w(z,1) r(x)0
4.SB : -++++++++++++++ : w(x,1) r(y)0 | w(y,1) r(z)0 | w(z,1) r(u)0 | w(u,1) r(x)0
MP : --+-+-+----++++ : w(x,1) w(y,1) | r(y)1 r(x)0
MP+fence+po : ----+-+----++++ : w(x,1) f w(y,1) | r(y)1 r(x)0
MP+po+fence : --+-+-+----++++ : w(x,1) w(y,1) | r(y)1 f r(x)0
MP+fences : ----+-+----++++ : w(x,1) f w(y,1) | r(y)1 f r(x)0
MP+swap : ----+-+----++++ : w(x,1) swap(y,1)0 | r(y)1 r(x)0
MP+swap-first : ----+-+----++++ : swap(x,1)0 w(y,1) | r(y)1 r(x)0
MP+cas-reader : --+-+-+----++++ : w(x,1) w(y,1) | cas(y,1,2) r(x)0
MP+one-key : -----------+-++ : w(x,1) w(x,2) | r(x)2 r(x)1
LB : ---++++----+++- : r(x)1 w(y,1) | r(y)1 w(x,1)
LB+fences : ---++++----+++- : r(x)1 f w(y,1) | r(y)1 f w(x,1)
LB+swaps : ----+++----+++- : swap(x,2)1 w(y,1) | swap(y,2)1 w(x,1)
LB+cas : ----+++----+++- : cas(x,1,2) w(y,1) | r(y)1 w(x,1)
3.LB : ---++++----+++- : r(x)1 w(y,1) | r(y)1 w(z,1) | r(z)1 w(x,1)
IRIW : ---++++++++++++ : w(x,1) | w(y,1) | r(x)1 r(y)0 | r(y)1 r(x)0
IRIW+fences : ---++++++++++++ : w(x,1) | w(y,1) | r(x)1 f r(y)0 | r(y)1 f r(x)0
IRIW+swaps : ---++++++++++++ : swap(x,1)0 | swap(y,1)0 | r(x)1 r(y)0 | r(y)1 r(x)0
IRIW+cas-readers : ---++++++++++++ : w(x,1) | w(y,1) | cas(x,1,2) r(y)0 | cas(y,1,2) r(x)0
IRRWIW : ---++++++++++++ : w(x,2) | r(x)2 r(y)0 | w(y,1) | r(y)1 w(x,1) | r(x)1 r(x)2
IRWIW : ---++++++-+++++ : w(x,2) | r(x)2 w(y,1) | w(y,2) | r(y)2 w(x,1) | r(x)1 r(x)2 | r(y)1 r(y)2
2+2W : --+-+++++-+++++ : w(x,1) w(y,2) | w(y,1) w(x,2) | r(x)2 r(x)1 | r(y)2 r(y)1
2+2W+fence+po : --+-+++++-+++++ : w(x,1) f w(y,2) | w(y,1) w(x,2) | r(x)2 r(x)1 | r(y)2 r(y)1
2+2W+fences : ----+++++-+++++ : w(x,1) f w(y,2) | w(y,1) f w(x,2) | r(x)2 r(x)1 | r(y)2 r(y)1
2+2W+swaps : -----++----++++ : w(x,1) swap(y,2)1 | w(y,1) swap(x,2)1 | r(x)2 r(x)1 | r(y)2 r(y)1
2+2W+swaps-told : ----+++++-+++++ : w(x,1) swap(y,2)0 | w(y,1) swap(x,2)0
2+2W+own-reads : --+-+++++-+++++ : w(x,1) w(y,2) r(y)1 | w(y,1) w(x,2) r(x)1
R : -++-+++++++++++ : w(x,1) w(y,1) | w(y,2) r(x)0 | r(y)1 r(y)2
R+fence+po : -++-+++++++++++ : w(x,1) f w(y,1) | w(y,2) r(x)0 | r(y)1 r(y)2
R+po+fence : --+-+++++++++++ : w(x,1) w(y,1) | w(y,2) f r(x)0 | r(y)1 r(y)2
R+fences : ----+++++++++++ : w(x,1) f w(y,1) | w(y,2) f r(x)0 | r(y)1 r(y)2
R+swap : --+-+-+----++++ : w(x,1) w(y,1) | swap(y,2)1 r(x)0
S : --+-+++----++++ : w(x,2) w(y,1) | r(y)1 w(x,1) | r(x)1 r(x)2
S+fence : ----+++----++++ : w(x,2) f w(y,1) | r(y)1 w(x,1) | r(x)1 r(x)2
S+reader-fence : --+-+++----++++ : w(x,2) w(y,1) | r(y)1 f w(x,1) | r(x)1 r(x)2
S+swap : --+-+-+----++++ : w(x,2) w(y,1) | r(y)1 swap(x,1)0 | r(x)1 r(x)2
WRC : ---++++----++++ : w(x,1) | r(x)1 w(y,1) | r(y)1 r(x)0
WRC+fences : ---++++----++++ : w(x,1) | r(x)1 f w(y,1) | r(y)1 f r(x)0
WRC+cas : ----+-+----++++ : w(x,1) | cas(x,1,2) w(y,1) | r(y)1 r(x)0
WRC+cas-stale : ----+++----++++ : w(x,1) | cas(x,1,2) w(y,1) | r(y)1 r(x)1
WWC : ---++++----++++ : w(x,2) | r(x)2 w(y,1) | r(y)1 w(x,1) | r(x)1 r(x)2
RWC : -++++++++++++++ : w(x,1) | r(x)1 r(y)0 | w(y,1) r(x)0
RWC+fence : ---++++++++++++ : w(x,1) | r(x)1 r(y)0 | w(y,1) f r(x)0
RWC+swap : ---++++++++++++ : w(x,1) | r(x)1 r(y)0 | swap(y,1)0 r(x)0
W+RWC : -++++++++++++++ : w(x,1) w(y,1) | r(y)1 r(z)0 | w(z,1) r(x)0
W+RWC+fence : --+++++++++++++ : w(x,1) w(y,1) | r(y)1 r(z)0 | w(z,1) f r(x)0
W+RWC+fences : ---++++++++++++ : w(x,1) f w(y,1) | r(y)1 f r(z)0 | w(z,1) f r(x)0
ISA2 : --+++++----++++ : w(x,1) w(y,1) | r(y)1 w(z,1) | r(z)1 r(x)0
ISA2+fence : ---++++----++++ : w(x,1) f w(y,1) | r(y)1 w(z,1) | r(z)1 r(x)0
ISA2+swap : ---++++----++++ : w(x,1) swap(y,1)0 | r(y)1 w(z,1) | r(z)1 r(x)0
Z6.0 : -++++++++++++++ : w(x,1) w(y,1) | r(y)1 w(z,1) | w(z,2) r(x)0 | r(z)1 r(z)2
Z6.0+fence : --+++++++++++++ : w(x,1) w(y,1) | r(y)1 w(z,1) | w(z,2) f r(x)0 | r(z)1 r(z)2
Z6.1 : --+-+++++-+++++ : w(x,2) w(y,1) | w(y,2) w(z,1) | r(z)1 w(x,1) | r(x)1 r(x)2 | r(y)1 r(y)2
Z6.2 : --+++++----++++ : w(x,2) w(y,1) | r(y)1 w(z,1) | r(z)1 w(x,1) | r(x)1 r(x)2
Z6.3 : --+-+++++++++++ : w(x,1) w(y,1) | w(y,2) w(z,1) | r(z)1 r(x)0 | r(y)1 r(y)2
Z6.3+fences : ----+++++++++++ : w(x,1) f w(y,1) | w(y,2) f w(z,1) | r(z)1 r(x)0 | r(y)1 r(y)2
Z6.4 : -++++++++++++++ : w(x,1) w(y,1) | w(y,2) r(z)0 | w(z,1) r(x)0 | r(y)1 r(y)2
Z6.4+fences : ---++++++++++++ : w(x,1) f w(y,1) | w(y,2) f r(z)0 | w(z,1) f r(x)0 | r(y)1 r(y)2
Z6.5 : -++-+++++++++++ : w(x,1) w(y,1) | w(y,2) w(z,1) | w(z,2) r(x)0 | r(y)1 r(y)2 | r(z)1 r(z)2
WRW+WR : -++++++++++++++ : w(x,1) | r(x)1 w(y,1) | w(y,2) r(x)0 | r(y)1 r(y)2
WRW+2W : --+-+++++-+++++ : w(x,2) | r(x)2 w(y,1) | w(y,2) w(x,1) | r(x)1 r(x)2 | r(y)1 r(y)2
WRR+2W : --+-+++++++++++ : w(x,2) | r(x)2 r(y)0 | w(y,1) w(x,1) | r(x)1 r(x)2
CoRR : -----------+-++ : w(x,1) | r(x)1 r(x)0
CoRR2 : -----++++--++++ : w(x,1) | w(x,2) | r(x)1 r(x)2 | r(x)2 r(x)1
CoWW : -----------+-++ : w(x,1) w(x,2) | r(x)2 r(x)1
CoWW-sole : ------------+++ : w(x,1) w(x,2) r(x)1
CoRW1 : --------------- : r(x)1 w(x,1)
CoRW2 : -----++----++++ : r(x)2 w(x,1) | w(x,2) | r(x)1 r(x)2
CoWR : -----++++--++++ : w(x,1) r(x)2 | w(x,2) r(x)1
CoWR0 : ------------+++ : w(x,1) r(x)0
CoWR-cas : ------------+++ : w(x,1) cas(x,0,2)
lost-update+cas : -----++++--++++ : cas(x,0,1) | cas(x,0,2)
lost-update+swaps : -----++++--++++ : swap(x,1)0 | swap(x,2)0
lost-update+write : -----++++--++++ : cas(x,0,1) | w(x,2) r(x)1 | r(x)2 r(x)1
cas-chain : +++++++++++++++ : cas(x,0,1) cas(x,2,3) | cas(x,1,2) r(x)3
cas-of-itself : --------------- : cas(x,1,1)
cas-circle : -----++----+++- : cas(x,1,2) | cas(x,2,1)
swap-of-itself : --------------- : swap(x,1)1
swap-between : -----++++--++++ : w(x,1) swap(x,2)1 | w(x,3) | r(x)1 r(x)3 r(x)2
swap-between-own : -------+---++++ : w(x,3) | w(x,1) r(x)3 swap(x,2)1
`;

function shapeOf(row: string): Shape {
  const [name, marks, text] = row.split(" : ");
  const verdicts = new Map(columns.map((model, at) => [model, marks![at] === "+"]));
  return { name: name!, text: text!, verdicts };
}

export const shapes: readonly Shape[] = table.trim().split("\n").map(shapeOf);
