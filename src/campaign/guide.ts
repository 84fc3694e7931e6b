/**
 * What a guided campaign has learnt, and what it therefore tries next.
 *
 * It learns within islands: the runs of one subject (system or program, and workload) whose seeds
 * lie in one block of 256. An island goes by generations of 16 seeds. Half of its runs are mutants of plans that
 * reached something new; the others are drawn afresh (`strategies/guided.ts`). A generation knows
 * the outcomes of all before it but the last, which still runs while it is planned. So a proposal
 * is a function of the request alone: neither the number of jobs nor the order in which outcomes
 * arrive matters, and a shard that is given whole islands proposes what the whole campaign would.
 *
 * Kept are plans that reached a feature (`features.ts`) which none in the island had before, at most
 * 32. A plan's energy, by which it is chosen, is the rarity of what it reached, shared among the
 * mutants it already has (as in Entropic, Boehme et al. 2020, in integers). Failing plans are not
 * kept: around a failure there is mostly the same failure.
 *
 * How to use it, once for every ordinal, in ascending order:
 *
 *     const guide = new Guide((ordinal) => request.run(ordinal));
 *     guide.ready(ordinal)            // false: outcomes it depends on are still out; wait for one
 *     const spec = guide.propose(ordinal)   // run this in place of request.run(ordinal)
 *     guide.learn(ordinal, report)    // as it ends, in any order; undefined when it broke
 *
 * A mutant has the seed of the plan that it comes from, and `mutations`. When a campaign is resumed,
 * every ordinal is proposed again, and those whose outcome is known are learnt at once.
 */

import { assert } from "../base/errors.js";
import { canonical, type Json } from "../base/json.js";
import { Streams } from "../random/streams.js";
import type { RunSpec } from "./prepare.js";

export const ISLAND_SEEDS = 256;
const GENERATION_SEEDS = 16;
const CORPUS_MAX = 32;
/** A line of descent ends here: its plans have little left of what made the first one new. */
const MUTATIONS_MAX = 16;
/** The energy of a feature that one run reached. */
const RAREST = 1 << 10;

/** What of an outcome is learnt. */
export interface Learnt {
  valid: boolean | "unknown";
  features?: readonly number[];
}

export class Guide {
  readonly #run: (ordinal: number) => RunSpec;
  readonly #islands = new Map<string, Island>();
  /** Runs that are out: where their outcome belongs. */
  readonly #out = new Map<number, { island: Island; seed: number }>();
  #last = -1;

  constructor(run: (ordinal: number) => RunSpec) {
    this.#run = run;
  }

  /** Whether everything is known that the proposal depends on. */
  ready(ordinal: number): boolean {
    const { seed, ...subject } = this.#run(ordinal);
    const island = this.#islands.get(subjectOf(subject));
    return island === undefined || island.block !== blockOf(seed) || island.knowsFor(seed);
  }

  propose(ordinal: number): RunSpec {
    assert(ordinal > this.#last, `run ${ordinal} was proposed after run ${this.#last}`);
    assert(this.ready(ordinal), `run ${ordinal} was proposed before what it depends on was learnt`);
    this.#last = ordinal;
    const spec = this.#run(ordinal);
    const { seed, ...subject } = spec;
    const name = subjectOf(subject);
    let island = this.#islands.get(name);
    if (island?.block !== blockOf(seed)) {
      // Whoever is still out of the island before reports to it, and nobody reads that any more.
      island = new Island(blockOf(seed));
      this.#islands.set(name, island);
    }
    this.#out.set(ordinal, { island, seed });
    return { ...spec, ...island.propose(seed) };
  }

  /** `undefined` for a run that the harness broke. */
  learn(ordinal: number, outcome: Learnt | undefined): void {
    const place = this.#out.get(ordinal);
    assert(place !== undefined, `run ${ordinal} was learnt without having been proposed`);
    this.#out.delete(ordinal);
    place.island.learn(place.seed, outcome);
  }
}

/** A plan as its descent: drawn from a seed, then mutated. */
interface Descent {
  seed: number;
  mutations?: readonly number[];
}

interface Kept extends Descent {
  features: readonly number[];
  mutants: number;
}

class Island {
  readonly block: number;
  /** What was proposed, by seed; and what came of it. */
  readonly #proposed = new Map<number, Descent>();
  readonly #learnt = new Map<number, Learnt | undefined>();
  readonly #corpus: Kept[] = [];
  /** In how many runs each feature was reached. */
  readonly #seen = new Map<number, number>();
  #absorbed = 0;

  constructor(block: number) {
    this.block = block;
  }

  knowsFor(seed: number): boolean {
    for (const other of this.#proposed.keys()) {
      if (countsFor(other, seed) && !this.#learnt.has(other)) return false;
    }
    return true;
  }

  propose(seed: number): Descent {
    this.#absorbFor(seed);
    const random = new Streams(seed).stream("guide");
    const mutates = this.#corpus.length > 0 && random.chance(1, 2);
    const descent = mutates ? this.#mutant(random.int(2 ** 31), random.int(2 ** 31)) : { seed };
    this.#proposed.set(seed, descent);
    return descent;
  }

  learn(seed: number, outcome: Learnt | undefined): void {
    this.#learnt.set(seed, outcome);
  }

  /** Takes in what counts for the generation of a seed, in the order of seeds. */
  #absorbFor(seed: number): void {
    const seeds = [...this.#proposed.keys()];
    for (; this.#absorbed < seeds.length; this.#absorbed++) {
      const next = seeds[this.#absorbed] as number;
      if (!countsFor(next, seed)) break;
      this.#absorb(this.#proposed.get(next) as Descent, this.#learnt.get(next));
      this.#learnt.set(next, undefined);
    }
  }

  #absorb(descent: Descent, outcome: Learnt | undefined): void {
    const features = outcome?.features ?? [];
    const isNew = features.some((feature) => !this.#seen.has(feature));
    for (const feature of features) this.#seen.set(feature, (this.#seen.get(feature) ?? 0) + 1);
    if (!isNew || outcome?.valid === false) return;
    this.#corpus.push({ ...descent, features, mutants: 0 });
    if (this.#corpus.length <= CORPUS_MAX) return;
    const energies = this.#corpus.map((kept) => this.#energy(kept));
    this.#corpus.splice(energies.indexOf(Math.min(...energies)), 1);
  }

  /** Chosen by energy. */
  #mutant(draw: number, mutation: number): Descent {
    const energies = this.#corpus.map((kept) => this.#energy(kept));
    let left = draw % energies.reduce((sum, energy) => sum + energy, 0);
    const chosen = energies.findIndex((energy) => {
      left -= energy;
      return left < 0;
    });
    const parent = this.#corpus[chosen] as Kept;
    parent.mutants++;
    const inherited = (parent.mutations ?? []).slice(0, MUTATIONS_MAX - 1);
    return { seed: parent.seed, mutations: [...inherited, mutation] };
  }

  #energy({ features, mutants }: Kept): number {
    let rarity = 1;
    for (const feature of features) rarity += Math.floor(RAREST / (this.#seen.get(feature) ?? 1));
    return 1 + Math.floor(rarity / (1 + mutants));
  }
}

function subjectOf({ system, bin = "", workload = "" }: Omit<RunSpec, "seed">): string {
  return canonical([system, bin, workload] as Json);
}

function blockOf(seed: number): number {
  return Math.floor(seed / ISLAND_SEEDS);
}

/** Whether an outcome is known to the generation of another seed of its island: two later at least. */
function countsFor(outcome: number, seed: number): boolean {
  return generationOf(outcome) + 2 <= generationOf(seed);
}

function generationOf(seed: number): number {
  return Math.floor((seed % ISLAND_SEEDS) / GENERATION_SEEDS);
}
