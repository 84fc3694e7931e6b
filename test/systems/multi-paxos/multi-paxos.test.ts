/** Multi-Paxos: a replica alone, a slice of a campaign, and its bugs. */

import { describe, expect, it } from "vitest";
import { multiPaxos } from "../../../systems/multi-paxos/index.js";
import { CHOSEN } from "../../../systems/multi-paxos/messages.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
const lives = {};

/** A replica that the others do not know yet, or know from earlier lives. */
async function blank(life: number, bugs: string[] = []): Promise<Solo> {
  const solo = new Solo(multiPaxos, { nodes, bugs });
  const nonce = solo.take("who-am-i")[0]?.body["nonce"] ?? null;
  for (const peer of bugs.length > 0 ? ["n2"] : ["n2", "n3"]) {
    await solo.ask(peer, { type: "you-were", nonce, life: life - 1 });
  }
  return solo;
}

const welcome = (life: number, promised = 0) => ({
  type: "welcome",
  life,
  voter: true,
  promised,
  learnt: 0,
  entries: [],
  lives,
});
const prepare = { type: "prepare", ballot: 8, from: 1 };

describe("a replica with a blank disk", () => {
  it("votes once a majority of others has noted its first life", async () => {
    const solo = await blank(0);
    await solo.ask("n2", welcome(0));
    await solo.ask("n2", prepare);
    expect(solo.take("promise")).toEqual([]);
    await solo.ask("n3", welcome(0));
    await solo.ask("n2", prepare);
    expect(solo.take("promise")).toHaveLength(1);
  });

  it("that has lived before is bound by all that a majority has promised", async () => {
    const solo = await blank(1);
    await solo.ask("n2", welcome(1, 9));
    await solo.ask("n3", welcome(1, 3));
    await solo.ask("n3", prepare);
    expect(solo.take("promise")).toEqual([]);
    expect(solo.take("refused")[0]?.body).toMatchObject({ ballot: 8, promised: 9 });
  });

  it("takes over what is chosen, and no ballot with it", async () => {
    const solo = await blank(1);
    const chosen = { slot: 3, ballot: CHOSEN, value: null };
    await solo.ask("n2", { ...welcome(1, 3), entries: [chosen] });
    await solo.ask("n3", welcome(1, 3));
    await solo.ask("n2", prepare);
    expect(solo.take("promise")[0]?.body).toMatchObject({ ballot: 8, entries: [chosen] });
  });

  it("is satisfied with one answer with the bug rejoins-after-one-answer", async () => {
    const solo = await blank(1, ["rejoins-after-one-answer"]);
    await solo.ask("n2", welcome(1));
    await solo.ask("n2", prepare);
    expect(solo.take("promise")).toHaveLength(1);
  });
});

describe("multi-paxos", () => {
  it.each(["log", "lease"])("is linearizable under a swarm of faults, reads: %s", async (reads) => {
    expect(await anomaliesOf(multiPaxos, { seeds: 4, options: { reads } })).toEqual([]);
  });

  it.each(["alternating-leader-crashes", "amnesia"])("is linearizable under %s", async (name) => {
    expect(await anomaliesOf(multiPaxos, { seeds: 3, nemesis: [name] })).toEqual([]);
  });

  it.each(Object.entries(multiPaxos.bugs))(
    "shows the bug %s",
    { timeout: 120_000 },
    async (name, bug) => {
      const caught = await caughtAnomalies(multiPaxos, name);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(bug.anomalies).toContain(type);
    },
  );
});
