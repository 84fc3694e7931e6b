/**
 * A failing run as an engineer would tell it: what went wrong, which faults and operations it takes,
 * what each read should have seen, the smallest change with which it passes, and when it was lost.
 *
 * Everything that is said is proven by runs of edited plans; the same request gives the same document.
 */

import { UsageError } from "../base/errors.js";
import { version } from "../base/version.js";
import { type ExecuteOptions, type Execution, execute } from "../controller/index.js";
import type { Plan } from "../plan/plan.js";
import type { TraceRecord } from "../sim/trace.js";
import type { ShrunkMark } from "../store/case-file.js";
import { diagramOf } from "./diagram.js";
import type {
  ExplainedFault,
  ExplainedOperation,
  Explanation,
  Likelihood,
  Neighbour,
  Part,
  Problem,
} from "./explanation.js";
import { EXPLANATION_FORMAT } from "./explanation.js";
import { faultWords } from "./fault-words.js";
import { judgeNamed } from "./judges.js";
import { Interrupted, Lab } from "./lab.js";
import { lanesOf } from "./lanes.js";
import { likelihoodOf } from "./likelihood.js";
import { pointsOf } from "./moments.js";
import { proven, withoutFault, withoutOperation } from "./necessity.js";
import { findNeighbour } from "./neighbour.js";
import { described, plannedBy } from "./operations.js";
import { partingOf } from "./parting.js";
import { possibleReads } from "./possible.js";
import { problemOf } from "./problem.js";
import { strike } from "./targets.js";
import { counted } from "./words.js";

export interface ExplainRequest {
  plan: Plan;
  /** The case or the run's directory, as it was named. */
  source: string;
  /** How the plan was made smaller, if it was. */
  shrunk?: ShrunkMark | undefined;
  /** How plans are hosted. */
  hosting?: ExecuteOptions;
  /** Moments at which the likelihood is asked, 0 for none; 24 when left out. */
  points?: number;
  /** Futures at each of them; 20 when left out. */
  futures?: number;
  /** Runs spent on the nearest passing neighbour at most; 600 when left out. */
  neighbourRunsMax?: number;
  /** When it aborts, what is known until then is told. */
  signal?: AbortSignal;
  /** Told after each run. */
  progress?(state: { part: Part; runs: number }): void;
}

export const explainDefaults = { points: 24, futures: 20, neighbourRunsMax: 600 } as const;

/** Of a plan with more operations, only those involved are taken out one by one, or asked what they could have read. */
const OPERATIONS_MAX = 60;

/**
 * Explains a plan that fails.
 * @throws UsageError when it does not fail; what `execute` throws.
 */
export async function explain(request: ExplainRequest): Promise<Explanation> {
  let part: Part = "faults";
  const hosting = request.hosting ?? {};
  const run = await execute(request.plan, { ...hosting, record: true });
  const problem = problemOf(run, hosting.system);
  if (problem === undefined) {
    throw new UsageError(
      `${request.source}: the run does not fail (its verdict is ${run.valid}): there is nothing to explain`,
    );
  }
  const lab = new Lab({
    hosting,
    checker: problem.checker,
    signal: request.signal,
    ran: (runs) => request.progress?.({ part, runs }),
  });
  const account = new Account(lab, request, run, problem);
  for (part of ["faults", "operations", "neighbour", "likelihood"] as const) {
    await account.tell(part);
  }
  return account.document();
}

class Account {
  readonly #lab: Lab;
  readonly #request: ExplainRequest;
  readonly #run: Execution;
  readonly #problem: Problem;
  readonly #trace: readonly TraceRecord[];
  readonly #faults: ExplainedFault[];
  readonly #operations: ExplainedOperation[];
  readonly #missing: Explanation["missing"] = [];
  #neighbour: Neighbour | null = null;
  #likelihood: Likelihood | null = null;

  constructor(lab: Lab, request: ExplainRequest, run: Execution, problem: Problem) {
    this.#lab = lab;
    this.#request = request;
    this.#run = run;
    this.#problem = problem;
    this.#trace = run.trace ?? [];
    this.#faults = faultsOf(run);
    this.#operations = operationsOf(run, problem);
  }

  async tell(part: Part): Promise<void> {
    try {
      switch (part) {
        case "faults":
          return await this.#proveFaults();
        case "operations":
          this.#askReads();
          return await this.#proveOperations();
        case "neighbour":
          return await this.#findNeighbour();
        case "likelihood":
          return await this.#followFutures();
      }
    } catch (error) {
      // A plan that was edited or shrunk need not be one that could be asked for.
      if (error instanceof UsageError) this.#lacks(part, error.message);
      else if (error instanceof Interrupted) this.#lacks(part, "interrupted");
      else throw error;
    }
  }

  document(): Explanation {
    const { plan, history, exactness, traceHash, virtualUs, events } = this.#run;
    const { system, bin, workload, nemesis, seed, nodes, clients, bugs } = plan;
    const [problem, faults, operations] = [this.#problem, this.#faults, this.#operations];
    return {
      format: EXPLANATION_FORMAT,
      version,
      source: this.#request.source,
      run: {
        ...{ system: bin ?? system, workload, nemesis, seed, nodes, clients, bugs },
        ...{ exactness, traceHash, virtualUs, events, plan },
      },
      shrunk: this.#request.shrunk ?? null,
      problem,
      faults,
      operations,
      timeline: lanesOf(history, this.#lastInvolved()),
      neighbour: this.#neighbour,
      likelihood: this.#likelihood,
      diagram: diagramOf({ trace: this.#trace, history, problem, faults, operations }, nodes),
      missing: this.#missing,
      runs: 1 + this.#lab.runs,
    };
  }

  async #proveFaults(): Promise<void> {
    for (const fault of this.#faults) {
      const plan = withoutFault(this.#run.plan, fault.id);
      fault.without = await proven(this.#lab, plan, this.#problem.signature);
    }
  }

  async #proveOperations(): Promise<void> {
    const worth = this.#operations.filter((operation) => this.#isWorthAsking(operation));
    for (const operation of worth) {
      if (operation.planned === null) continue;
      const plan = withoutOperation(this.#run.plan, operation.planned);
      operation.without = await proven(this.#lab, plan, this.#problem.signature);
    }
    if (worth.length < this.#operations.length) {
      this.#lacks(
        "operations",
        `of ${this.#operations.length} operations, only the ${worth.length} involved were looked at`,
      );
    }
  }

  /** Where the anomaly is about what was read. */
  #askReads(): void {
    const { plan, history } = this.#run;
    const checker = judgeNamed(this.#problem.checker, plan, this.#request.hosting?.system);
    if (checker === undefined || this.#problem.operations.length === 0) return;
    const worth = new Set(
      this.#operations.filter((one) => this.#isWorthAsking(one)).map(({ id }) => id),
    );
    const reads = possibleReads(history, checker, ({ id }) => worth.has(id));
    for (const operation of this.#operations) operation.reads = reads.get(operation.id) ?? [];
  }

  #isWorthAsking({ involved }: ExplainedOperation): boolean {
    return involved || this.#operations.length <= OPERATIONS_MAX;
  }

  async #findNeighbour(): Promise<void> {
    if (!this.#isExact("neighbour")) return;
    const { plan } = this.#run;
    const involved = this.#operations.flatMap(({ involved: is, planned }) =>
      is && planned !== null ? [planned] : [],
    );
    const { nearest, stopped } = await findNeighbour(this.#lab, {
      plan,
      trace: this.#trace,
      turnsUs: this.#turns(),
      fromUs: this.#decisiveFrom(),
      involved: new Set(involved),
      runsMax: this.#request.neighbourRunsMax ?? explainDefaults.neighbourRunsMax,
    });
    if (stopped !== undefined) this.#lacks("neighbour", stopped);
    if (nearest === undefined) {
      if (stopped === undefined) this.#lacks("neighbour", "no single change that was tried passes");
      return;
    }
    // The two traces are worth their run even when it is the last.
    const passing = await this.#lab.recorded(nearest.plan);
    const parting = partingOf(this.#trace, passing.trace ?? [], plan.faults);
    if (parting === undefined) return;
    this.#neighbour = { change: nearest.change, plan: nearest.plan, parting };
  }

  /** When faults and operations began and ended, up to the anomaly. */
  #turns(): number[] {
    const { atUs } = this.#problem;
    const moments = [
      ...this.#faults.flatMap((fault) => [fault.atUs, fault.untilUs]),
      ...this.#operations.flatMap(({ invokedUs, completedUs }) => [invokedUs, completedUs]),
    ];
    const past = moments.filter((us): us is number => us !== null && us < atUs);
    return [...past, atUs].sort((a, b) => a - b);
  }

  /** When the last fault had begun, or the first operation involved, whichever was first. */
  #decisiveFrom(): number {
    const { atUs } = this.#problem;
    const begins = this.#faults.map((fault) => fault.atUs ?? 0).filter((us) => us < atUs);
    const invoked = this.#operations.filter(({ involved }) => involved);
    return Math.min(Math.max(0, ...begins), ...invoked.map(({ invokedUs }) => invokedUs));
  }

  async #followFutures(): Promise<void> {
    const { points = explainDefaults.points, futures = explainDefaults.futures } = this.#request;
    if (points === 0 || futures === 0) {
      this.#lacks("likelihood", "it was not asked for");
      return;
    }
    if (!this.#isExact("likelihood")) return;
    const { likelihood, isInterrupted } = await likelihoodOf(this.#lab, {
      plan: this.#run.plan,
      system: this.#request.hosting?.system,
      points: pointsOf({
        faults: this.#faults,
        operations: this.#operations,
        endUs: this.#problem.atUs,
        count: points,
      }),
      futures,
      trace: this.#trace,
      history: this.#run.history,
    });
    if (likelihood.series.length > 0) this.#likelihood = likelihood;
    if (isInterrupted) {
      this.#lacks("likelihood", `interrupted after ${counted(likelihood.series.length, "point")}`);
    }
  }

  /** Two runs of a program that keeps its own time differ without any change of the plan. */
  #isExact(part: Part): boolean {
    if (this.#run.exactness === "bit") return true;
    this.#lacks(
      part,
      `the run is ${this.#run.exactness}-exact: a change cannot be told from chance`,
    );
    return false;
  }

  #lastInvolved(): number | undefined {
    return this.#operations.findLast(({ involved }) => involved)?.id;
  }

  #lacks(part: Part, why: string): void {
    this.#missing.push({ part, why });
  }
}

function faultsOf({ plan, history }: Execution): ExplainedFault[] {
  return plan.faults.map((fault) => {
    const struck = strike(fault, history);
    return {
      id: fault.id,
      kind: fault.kind,
      words: faultWords(fault, struck, plan.nodes),
      atUs: struck.atUs,
      untilUs: struck.untilUs,
      node: struck.node,
      without: null,
    };
  });
}

function operationsOf({ plan, history }: Execution, problem: Problem): ExplainedOperation[] {
  const planned = plannedBy(history, plan);
  const involved = new Set(problem.operations);
  return history.operations.map((operation) =>
    described(operation, plan, {
      planned: planned.get(operation.id) ?? null,
      involved: involved.has(operation.id),
    }),
  );
}
