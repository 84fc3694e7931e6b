/**
 * Judges litmus tests one after the other, each under several models, and compares the verdicts with
 * what was expected: a row of a table, or for generated tests what their cycle predicts.
 */

import { predict } from "../../checkers/litmus/cycles/index.js";
import { type Judgement, judge } from "../../checkers/litmus/judge.js";
import type { LitmusModel, LitmusTest } from "../../checkers/litmus/program.js";
import { UsageError } from "../base/errors.js";
import { type Difference, differences, digestOf, type Expectations } from "./expect.js";
import { enumerators } from "./models.js";
import type { Subject } from "./subjects.js";

export interface SuiteOptions {
  readonly models: readonly LitmusModel[];
  readonly stepsMax?: number;
  readonly expectations?: Expectations;
  /** Stops between two tests. */
  readonly signal?: AbortSignal;
}

export interface ModelJudgement extends Judgement {
  readonly model: LitmusModel;
  readonly differences: readonly Difference[];
}

/** What was found out about one test. */
export type Result =
  | {
      readonly file: string;
      readonly test: LitmusTest;
      readonly judgements: readonly ModelJudgement[];
      /** Whether there was something to compare with; undefined where nobody asked. */
      readonly compared?: boolean;
    }
  | { readonly file: string; readonly refused: string };

/** Between two tests, now and then, whoever else waits has a turn: signals, above all. */
const TURN_MS = 50;

export async function* runSuite(
  subjects: readonly Subject[],
  options: SuiteOptions,
): AsyncGenerator<Result> {
  let turn = performance.now();
  for (const subject of subjects) {
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resume) => setImmediate(resume));
      turn = performance.now();
    }
    if (options.signal?.aborted) return;
    yield judgeSubject(subject, options);
  }
}

function judgeSubject(subject: Subject, options: SuiteOptions): Result {
  const { file } = subject;
  let test: LitmusTest;
  try {
    test = subject.read();
  } catch (error) {
    if (error instanceof UsageError) return { file, refused: error.message };
    throw error;
  }
  const compare = comparison(subject, options.expectations);
  const judgements = options.models.map((model): ModelJudgement => {
    const outcomes = enumerators[model](test, options.stepsMax);
    const judgement = judge(test, outcomes);
    const unknown = "unknown" in outcomes;
    return {
      ...judgement,
      model,
      differences:
        unknown || compare === undefined
          ? []
          : compare(model, { ...judgement, digest: () => digestOf(test, outcomes.states) }),
    };
  });
  const asked = options.expectations !== undefined || subject.cycle !== undefined;
  return { file, test, judgements, ...(asked ? { compared: compare !== undefined } : {}) };
}

type Compare = (model: LitmusModel, found: Parameters<typeof differences>[2]) => Difference[];

function comparison(
  { file, cycle }: Subject,
  expectations: Expectations | undefined,
): Compare | undefined {
  if (cycle !== undefined) {
    return (model, { verdict: found }) => {
      const expected = predict(cycle, model);
      return found === expected ? [] : [{ what: "verdict", found, expected }];
    };
  }
  const row = expectations?.row(file);
  return row === undefined ? undefined : (model, found) => differences(row, model, found);
}
