/** Messages sent by the test at given times, under faults: what arrives, when, and in which order. */

import type { FaultDraft } from "../../src/plan/fault.js";
import { MS, SECOND, Stage, type StageOptions } from "./stage.js";

export interface Sending {
  atMs: number;
  src?: string;
  dest?: string;
  type?: string;
}

export interface Traffic {
  stage: Stage;
  /** When the i-th sending arrived, microseconds; more than once, or never. */
  arrivals: number[][];
  /** The sendings that came over a link, as `n1>n2`, in order of arrival. */
  order: Map<string, number[]>;
}

/** Sends from n1 to n2 where nothing else is said; a healthy link takes 1 ms. */
export async function traffic(
  faults: readonly FaultDraft[],
  sendings: readonly Sending[],
  options: StageOptions = {},
): Promise<Traffic> {
  const arrivals = sendings.map((): number[] => []);
  const order = new Map<string, number[]>();
  const stage: Stage = new Stage({
    create: ({ id }) => ({
      onMessage: ({ src, body }) => {
        const i = body["i"] as number;
        arrivals[i]?.push(stage.kernel.now);
        const link = `${src}>${id}`;
        order.set(link, [...(order.get(link) ?? []), i]);
        return undefined;
      },
    }),
    ...options,
  });
  for (const fault of faults) stage.fault(fault);
  sendings.forEach(({ atMs, src = "n1", dest = "n2", type = "m" }, i) => {
    stage.at(atMs * MS, () => stage.network.send(src, dest, { type, i }));
  });
  await stage.run(60 * SECOND);
  return { stage, arrivals, order };
}
