import { describe, expect, it } from "vitest";
import { execute, planRun } from "../../../src/controller/index.js";
import { pbft } from "../../../systems/pbft/index.js";
import type { PrePrepare, Prepare } from "../../../systems/pbft/messages.js";
import { digestOf, sign, signRequest } from "../../../systems/pbft/signatures.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3", "n4"];

const request = (value: number) =>
  signRequest(
    { client: "c1", requestId: value, operation: { type: "write", key: "x", value } },
    "n3",
  );

/** What the primary n1 says of the first number. */
const proposing = (value: number, named = request(value)) => ({
  type: "pre-prepare",
  statement: sign<PrePrepare>("n1", {
    kind: "pre-prepare",
    view: 0,
    seq: 1,
    digest: digestOf(named),
  }),
  request: request(value),
});

const preparing = (by: string, value: number) => ({
  type: "prepare",
  statement: sign<Prepare>(by, {
    kind: "prepare",
    view: 0,
    seq: 1,
    digest: digestOf(request(value)),
  }),
});

const committing = (value: number) => ({
  type: "commit",
  view: 0,
  seq: 1,
  digest: digestOf(request(value)),
});

const backup = (bugs: string[] = []) => new Solo(pbft, { id: "n2", nodes, bugs });

describe("a backup", () => {
  it("accepts one request with a number, whatever else its primary proposes", async () => {
    const solo = backup();
    await solo.ask("n1", proposing(7));
    await solo.ask("n1", proposing(8));
    const said = solo.take("prepare").map(({ body }) => body);
    expect(said).toEqual([preparing("n2", 7), preparing("n2", 7), preparing("n2", 7)]);
  });

  it("says that it accepts only what is on its disk", async () => {
    const solo = backup();
    solo.tell("n1", proposing(7));
    expect(solo.take("prepare")).toEqual([]);
    solo.crash();
    await solo.ask("n1", proposing(8));
    expect(solo.take("prepare")[0]?.body).toEqual(preparing("n2", 8));
  });

  it("keeps to what it has accepted when it comes back", async () => {
    const solo = backup();
    await solo.ask("n1", proposing(7));
    solo.crash();
    await solo.ask("n1", proposing(8));
    expect(solo.take("prepare")).toEqual([]);
  });

  it("believes no request that does not match its digest, nor what others sign for the primary", async () => {
    const solo = backup();
    await solo.ask("n1", proposing(7, request(8)));
    const { statement } = proposing(7);
    const forged = sign<PrePrepare>("n3", statement);
    await solo.ask("n3", { ...proposing(7), statement: { ...forged, by: "n1" } });
    await solo.ask("n3", { ...proposing(7), statement: forged });
    await solo.ask("n1", { ...proposing(7), request: { ...request(7), requestId: 6 } });
    expect(solo.take("prepare")).toEqual([]);
    const careless = backup(["digest-unmatched"]);
    await careless.ask("n1", proposing(7, request(8)));
    expect(careless.take("prepare")).toHaveLength(3);
  });

  it("commits what a quorum has prepared, and counts nobody twice", async () => {
    const solo = backup();
    await solo.ask("n1", proposing(7));
    await solo.ask("n1", preparing("n1", 7));
    await solo.ask("n2", preparing("n2", 7));
    expect(solo.take("commit")).toEqual([]);
    await solo.ask("n4", preparing("n3", 8));
    expect(solo.take("commit")).toEqual([]);
    await solo.ask("n4", preparing("n3", 7));
    expect(solo.take("commit")[0]?.body).toEqual(committing(7));
  });

  it("decides with the commits of a quorum, though it has not prepared", async () => {
    const solo = backup();
    await solo.ask("n1", proposing(7));
    for (const peer of ["n1", "n3", "n3", "n1"]) await solo.ask(peer, committing(7));
    expect(solo.observed).toEqual([]);
    await solo.ask("n4", committing(7));
    expect(solo.observed).toEqual(['decide {"slot":1,"value":"c1/7"}']);
    expect(solo.take("reply")).toEqual([
      {
        to: "n3",
        body: { type: "reply", client: "c1", requestId: 7, reply: { type: "write_ok" } },
      },
    ]);
  });
});

describe("a replica that a client asks", () => {
  it("answers when as many say the same as cannot all lie", async () => {
    const solo = backup();
    const reply = (value: number) => ({
      type: "reply",
      client: "c9",
      requestId: 3,
      reply: { type: "read_ok", value },
    });
    solo.tell("c9", { type: "read", key: "x", msg_id: 3 });
    expect(solo.take("request").map(({ to }) => to)).toEqual(["n1"]);
    await solo.ask("n1", reply(1));
    await solo.ask("n1", reply(1));
    await solo.ask("n3", reply(2));
    expect(solo.take("read_ok")).toEqual([]);
    await solo.ask("n4", reply(1));
    expect(solo.take("read_ok")).toEqual([{ to: "c9", body: { type: "read_ok", value: 1 } }]);
  });

  it("turns to all where the primary does not answer", async () => {
    const solo = backup();
    solo.tell("c9", { type: "read", key: "x", msg_id: 3 });
    await solo.advance(130);
    expect(new Set(solo.take("request").map(({ to }) => to))).toEqual(new Set(["n1", "n3", "n4"]));
  });
});

describe("pbft", () => {
  it("keeps its primary while nothing is wrong, though requests wait for the window", async () => {
    for (const seed of [1, 2]) {
      const plan = planRun({
        system: pbft,
        seed,
        workload: "kv",
        nemesis: [],
        clients: 20,
        options: { checkpointEvery: 2 },
      });
      const { probes } = await execute(plan, { system: pbft });
      expect(probes["a request waited for the window to move on"]).toBeGreaterThan(0);
      expect(probes["a replica waited too long for its primary"]).toBeUndefined();
    }
  });

  it.each([4, 7])("is linearizable with %i replicas, some of which lie", async (count) => {
    expect(await anomaliesOf(pbft, { seeds: 2, nodes: count, nemesis: ["byzantine"] })).toEqual([]);
  });

  it.each(["swarm", "false-heirs", "restarts"])("is linearizable under %s", async (name) => {
    expect(await anomaliesOf(pbft, { seeds: 2, nemesis: [name] })).toEqual([]);
  });

  it("meets primaries that sign two requests with one number", async () => {
    const counted: string[] = [];
    for (let seed = 1; seed <= 4; seed++) {
      const plan = planRun({ system: pbft, seed, nemesis: ["byzantine"] });
      counted.push(...Object.keys((await execute(plan, { system: pbft })).probes));
    }
    expect(counted).toContain("a primary proposed two requests");
  });

  it.each(Object.entries(pbft.bugs))(
    "shows the bug %s",
    { timeout: 120_000 },
    async (name, bug) => {
      const caught = await caughtAnomalies(pbft, name);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(bug.anomalies).toContain(type);
    },
  );
});
