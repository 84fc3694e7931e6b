/** A failure of a campaign shrunk for as long as there is time. */

import type { Failure } from "../campaign/campaign.js";
import type { Workshop } from "../campaign/prepare.js";
import { execute } from "../controller/index.js";
import { shrink } from "../shrink/index.js";
import { parseCase } from "../store/case-file.js";
import { readJson } from "../store/files.js";
import { formatCase } from "../store/run-dir.js";
import { anomaliesOf } from "../store/summary.js";
import type { ShrunkFailure } from "./groups.js";

export interface ShrinkTime {
  workshop: Workshop;
  /** When it aborts, the best so far is taken. */
  signal: AbortSignal;
  /** Asked before every run; the same when it says so. */
  stop(): boolean;
}

/**
 * The smallest plan found in time; undefined when it came to nothing: the failure does not come
 * again, as happens where a plan does not decide its run, or not even one run was possible.
 */
export async function shrinkFailure(
  failure: Failure,
  { workshop, signal, stop }: ShrinkTime,
): Promise<ShrunkFailure | undefined> {
  const { plan } = parseCase(readJson(failure.case), failure.case);
  const options = await workshop.options(plan);
  const enough = new AbortController();
  try {
    const { execution, mark, complete } = await shrink({
      plan,
      signature: failure.signature,
      signal: AbortSignal.any([signal, enough.signal]),
      execute: (candidate) => {
        if (stop()) enough.abort();
        return execute(candidate, options);
      },
      ...(options.system === undefined ? {} : { nodeCounts: options.system.nodeCounts }),
    });
    return {
      group: mark.group,
      plan: execution.plan,
      headline: anomaliesOf(execution.results)[0]?.anomaly.message ?? "",
      complete,
      text: formatCase(execution, { shrunk: mark }),
    };
  } catch {
    // The failure stands as it came, and with the campaign's own word for it.
    return undefined;
  }
}
