/** Nodes that do a bit of everything: what the tests of determinism run. */

import type { Node, NodeContext } from "../../src/hosts/ts/node.js";
import type { FaultDraft } from "../../src/plan/fault.js";
import { MS, SECOND, Stage, type StageOptions } from "./stage.js";

/** Numbers that travel: sent, asked for, stored and passed on, by handlers plain and async. */
export function gossip(context: NodeContext): Partial<Node> {
  const { id, peers, random, disk, clock, observe, send, rpc, sleep } = context;
  let sum = (disk.read("sum") as number | undefined) ?? 0;
  const tick = async (): Promise<void> => {
    send(random.pick(peers), { type: "tell", sum, at: clock.wallMs() });
    await sleep(random.between(1, 20));
    const body = { type: "ask", from: id };
    await rpc(random.pick(peers), body, { timeoutMs: 15 }).then(
      (reply) => observe("told", reply["sum"] as number),
      () => observe("untold", sum),
    );
    await tick();
  };
  return {
    start: () => {
      context.after(1, tick);
    },
    onMessage: async ({ body }) => {
      if (body["type"] === "ask") return { type: "answer", sum };
      sum = (sum + (body["sum"] as number) + random.int(10)) % 1_000_000;
      disk.write("sum", sum);
      await disk.fsync();
      return undefined;
    },
  };
}

const some = (kind: string, atMs: number, own: object): FaultDraft =>
  ({ kind, atUs: atMs * MS, untilUs: (atMs + 300) * MS, ...own }) as FaultDraft;

/** Three gossiping nodes under a fault of every sort. */
export function gossipStage(options: Omit<StageOptions, "create"> = {}): Stage {
  const stage = new Stage({ link: { jitterUs: 500 }, ...options, create: gossip });
  stage.fault(some("crash", 100, { target: "n1" }));
  stage.fault(some("pause", 200, { target: "n2" }));
  stage.fault(some("loss", 300, { ppm: 200_000 }));
  stage.fault(some("duplicate", 400, { ppm: 200_000 }));
  stage.fault(some("reorder", 500, { ppm: 300_000, byUs: 9_000 }));
  stage.fault(some("clock-rate", 600, { target: "n3", ppm: 300_000 }));
  stage.fault(some("clock-strobe", 600, { target: "n3", byUs: 70_000, periodUs: 40_000 }));
  stage.fault(some("partition", 900, { shape: "one", isolate: "n1", direction: "out" }));
  for (let at = 10; at < 1_500; at += 50) {
    stage.ask(at * MS, `n${1 + (at % 3)}`, { type: "tell", sum: at });
  }
  return stage;
}

/** All that a run promises to repeat, and what it is made of. */
export async function fingerprint(stage: Stage, untilUs = 2 * SECOND) {
  await stage.run(untilUs);
  const { hash } = stage.kernel;
  const { observed, misconduct, answers, probes } = stage;
  return {
    hash: hash.digest(),
    checkpoints: hash.checkpoints,
    events: hash.events,
    counters: stage.network.counters,
    seen: { observed, misconduct, answers, probes },
  };
}
