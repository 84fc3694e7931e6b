/** Which checkers hold a service to what it promises its sessions of reads and writes. */

import {
  type Checker,
  convergence,
  findModel,
  type ModelOptions,
  modelEntry,
  tolerated,
} from "../checkers/index.js";
import { UsageError } from "../src/base/errors.js";
import { type Consistency, isMemoryPromise, type Service } from "../systems/system.js";
import type { WorkloadOptions } from "./workload.js";

/** What the service promises to the sessions of a workload, which may all stay at their nodes. */
export function promisedTo({ consistency, sticky }: Service, isSticky: boolean): Consistency {
  return isSticky ? (sticky ?? consistency) : consistency;
}

/** The checker of a model of single operations. @throws UsageError for other names. */
export function checkerOf(name: string, options?: ModelOptions): Checker {
  const model = findModel(name);
  if (model === undefined || modelEntry(model.name)?.family === "transactions") {
    throw new UsageError(
      `no model of reads and writes is called "${name}": see \`faultline list models\``,
    );
  }
  return model.checker(options);
}

/**
 * One copy where that is promised, the memory model where one is; elsewhere whether causes came before
 * effects all the same is only noted.
 */
export function sessionChecker(service: Service, isSticky: boolean): Checker {
  const promised = promisedTo(service, isSticky);
  if (promised === "linearizable" || promised === "strict-serializable") {
    return checkerOf("linearizable", { type: "kv" });
  }
  if (isMemoryPromise(promised)) return checkerOf(promised);
  return tolerated(checkerOf("causal"), `${promised} is promised`);
}

/** What is true in the end, as far as it is promised. */
export function finalCheckers({ consistency }: Service): Checker[] {
  if (consistency === "lossy") {
    return [convergence, tolerated(checkerOf("eventual"), "acknowledged writes may be lost")];
  }
  return [checkerOf("eventual")];
}

const convergesStrongly = new Set<Consistency>([
  "linearizable",
  "strict-serializable",
  "causal-convergence",
]);

/** Strong convergence: promised by whoever orders conflicting writes, causes first, and lets nobody miss one. */
export function strongly(service: Service, isSticky: boolean): Checker {
  const promised = promisedTo(service, isSticky);
  const checker = checkerOf("strong-convergence");
  return convergesStrongly.has(promised) ? checker : tolerated(checker, `${promised} is promised`);
}

/** The model that `--set model=…` asks for; undefined for "claimed". @throws UsageError */
export function askedModel({ model = "claimed" }: WorkloadOptions): Checker | undefined {
  return model === "claimed" ? undefined : checkerOf(String(model));
}
