/** Chain replication: one node alone, a slice of a campaign, and its bugs. */

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.js";
import { chain } from "../../../systems/chain/index.js";
import type { Configuration, PeerMessage, Update } from "../../../systems/chain/messages.js";
import type { Entry } from "../../../systems/primary-backup/messages.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo, type SoloOptions } from "../solo.js";

const nodes = ["n1", "n2", "n3"];

class Member extends Solo {
  constructor(options: SoloOptions = {}) {
    super(chain, { nodes, ...options });
  }

  hear(src: string, message: PeerMessage): Promise<JsonObject | undefined> {
    return this.ask(src, message as unknown as JsonObject);
  }

  learn(epoch: number, members: string[]): Promise<JsonObject | undefined> {
    const configuration: Configuration = { epoch, owner: "n9", chain: members };
    return this.hear("n9", { type: "heartbeat", configuration, promised: epoch, beat: 1, echo: 0 });
  }
}

const update = (value: number): Update => ({
  client: `c${value}`,
  number: 1,
  operation: { type: "write", key: "x", value },
  via: "n2",
});
const entry = (epoch: number, value: number): Entry => ({ epoch, request: update(value) });
const opens = (epoch: number): Entry => ({ epoch, request: null });
const pass = (epoch: number, entries: Entry[], base = 0): PeerMessage => ({
  type: "pass",
  epoch,
  base,
  entries,
});
const read = { type: "read", key: "x", msg_id: 1 };

describe("a node of the chain", () => {
  it("passes on what is durable, and nothing before", async () => {
    const head = new Member();
    await head.hear("n2", { type: "attach", epoch: 0, runs: [] });
    head.take("pass");
    head.tell("n2", { type: "submit", update: update(1) } as unknown as JsonObject);
    expect(head.take("pass")).toEqual([]);
    await head.settle();
    expect(head.take("pass")).toMatchObject([
      { to: "n2", body: { base: 0, entries: [{ epoch: 0 }] } },
    ]);
  });

  it("takes nothing from a chain that is over, nor from one who does not come before it", async () => {
    const node = new Member({ id: "n2" });
    node.take("held");
    await node.hear("n3", pass(0, [entry(0, 1)]));
    expect(node.take("held")).toEqual([]);
    await node.hear("n3", { type: "claim", epoch: 1 });
    await node.hear("n1", pass(0, [entry(0, 1)]));
    expect(node.take("held")).toEqual([]);
    expect(node.take("outdated")).toMatchObject([{ to: "n1", body: { epoch: 1 } }]);
  });

  it("promises an epoch to one claimant, across a crash, and says how far its log reaches", async () => {
    const node = new Member({ id: "n2" });
    await node.hear("n1", pass(0, [entry(0, 1), entry(0, 2)]));
    await node.hear("n3", { type: "claim", epoch: 4 });
    expect(node.take("grant")[0]?.body).toMatchObject({
      epoch: 4,
      extent: { epoch: 0, length: 2 },
    });
    node.crash();
    await node.hear("n1", { type: "claim", epoch: 4 });
    expect(node.take("grant")).toEqual([]);
  });

  it("sends a new successor what the failed one may not have passed on", async () => {
    const resent = async (bugs: string[]) => {
      const head = new Member({ bugs });
      await head.hear("n2", { type: "attach", epoch: 0, runs: [] });
      await head.hear("n2", { type: "submit", update: update(1) });
      await head.learn(1, ["n1", "n3"]);
      head.take("pass");
      await head.hear("n3", { type: "attach", epoch: 1, runs: [] });
      const passed = head.take("pass")[0]?.body as { entries: Entry[] } | undefined;
      return passed?.entries.map(({ request }) => request?.client ?? "opens");
    };
    expect(await resent([])).toEqual(["c1", "opens"]);
    expect(await resent(["sent-list-dropped"])).toEqual(["opens"]);
  });

  it("passes nothing on before its own log has reached the epoch", async () => {
    const middle = new Member({ id: "n2" });
    await middle.hear("n1", pass(0, [entry(0, 1)]));
    await middle.learn(1, ["n3", "n2", "n1"]);
    await middle.hear("n1", { type: "attach", epoch: 1, runs: [] });
    expect(middle.take("pass")).toEqual([]);
    await middle.hear("n3", pass(1, [opens(1), entry(1, 2)]));
    await middle.hear("n1", { type: "attach", epoch: 1, runs: [] });
    expect(middle.take("pass")[0]?.body["entries"]).toEqual([opens(1), entry(1, 2)]);
  });
});

describe("the tail", () => {
  it("replies to the node that the client asked, once the update is durable", async () => {
    const tail = new Member({ id: "n3" });
    tail.take("held");
    tail.tell("n2", pass(0, [entry(0, 1)]) as unknown as JsonObject);
    expect(tail.take("result")).toEqual([]);
    await tail.settle();
    expect(tail.take("result")).toMatchObject([
      { to: "n2", body: { client: "c1", reply: { type: "write_ok" } } },
    ]);
    expect(tail.take("held")).toMatchObject([{ to: "n2", body: { length: 1, committed: 1 } }]);
  });

  it("answers a read when a majority, asked after it, has promised no later epoch", async () => {
    const tail = new Member({ id: "n3" });
    await tail.settle();
    await tail.hear("n2", pass(0, [entry(0, 1)]));
    const reply = tail.tell("c1", read);
    await tail.settle();
    const asked = tail.take("confirm");
    expect(asked.map(({ to }) => to)).toEqual(["n1", "n2"]);
    expect(reply()).toBeUndefined();
    const [life, round] = [Number(asked[0]?.body["life"]), Number(asked[0]?.body["round"])];
    await tail.hear("n1", { type: "confirmed", epoch: 0, life: life - 1, round });
    expect(reply()).toBeUndefined();
    await tail.hear("n1", { type: "confirmed", epoch: 0, life, round });
    expect(reply()).toEqual({ type: "read_ok", value: 1 });
  });

  it("does not ask with the bug old-tail-answers", async () => {
    const tail = new Member({ id: "n3", bugs: ["old-tail-answers"] });
    await tail.hear("n2", pass(0, [entry(0, 1)]));
    expect(await tail.ask("c1", read)).toEqual({ type: "read_ok", value: 1 });
  });
});

describe("chain replication under faults", () => {
  it.each(["tail", "any"])("is linearizable under a swarm, reads: %s", async (reads) => {
    expect(await anomaliesOf(chain, { seeds: 8, options: { reads } })).toEqual([]);
  });

  it.each(["alternating-leader-crashes", "restarts"])("is linearizable under %s", async (name) => {
    const slice = { seeds: 4, nemesis: [name], options: { reads: "any" } };
    expect(await anomaliesOf(chain, slice)).toEqual([]);
  });

  it.each(Object.entries(chain.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(chain, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
