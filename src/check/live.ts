/**
 * A history judged while it is being written. A prefix of a linearizable history is linearizable,
 * operations that are still open being pending: a violation in a prefix is certain, whatever follows.
 */

import { judgeColumns, type ModelOptions, type Verdict } from "../../checkers/index.js";
import { type LiveColumns, liveColumns } from "../../histories/index.js";
import { inFile, type Judgement, type ReadingOptions } from "./subject.js";

/** Whatever a register does a key of a kv does too, and what else it may be shows later. */
const CAUTIOUS: { [inferred: string]: string } = { register: "kv", "cas-register": "kv" };

/** The verdict on the whole, or at the first prefix that nothing can explain. */
export async function judgeStream(
  stream: AsyncIterable<Uint8Array> & { destroy?: () => unknown },
  source: string,
  options: ModelOptions,
  reading: ReadingOptions,
): Promise<Judgement> {
  let last: LiveColumns | undefined;
  let verdict: Verdict | undefined;
  for await (const live of liveColumns(stream, { ...reading, source })) {
    last = live;
    verdict = await inFile(source, live.lineOf, async () => judgeSnapshot(live, options));
    if (verdict.valid === false) break;
  }
  const { columns, warnings } = last!;
  return { verdict: verdict!, operations: columns.size, warnings, columns };
}

function judgeSnapshot({ columns, ended }: LiveColumns, options: ModelOptions): Verdict {
  const verdict = judgeColumns(columns, options);
  if (ended || verdict.valid !== false || options.type !== undefined) return verdict;
  const cautious = CAUTIOUS[String(verdict.notes?.["type"])];
  if (cautious === undefined) return verdict;
  const again = judgeColumns(columns, { ...options, type: cautious });
  return again.valid === false ? verdict : again;
}
