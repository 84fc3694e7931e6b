import { describe, expect, it } from "vitest";
import { checkedGateSettings } from "../../src/config/gate-settings.js";
import { canaryFrom, canarySpec, usualCanary } from "../../src/gate/index.js";
import { systems } from "../../systems/index.js";

describe("the gate's settings in a configuration", () => {
  it("are taken as they are when each is of its kind", () => {
    const settings = {
      systems: ["raft"],
      workloads: ["kv"],
      nemesis: ["partition", "crash"],
      time: "120s",
      canary: "raft:stale-read",
      cases: "faultline/cases",
      baseline: "faultline/baseline.json",
    };
    expect(checkedGateSettings(settings, "f")).toEqual(settings);
    expect(checkedGateSettings({}, "f")).toEqual({});
  });

  it.each([
    [[], /"gate" is not an object/],
    ["60s", /"gate" is not an object/],
    [{ tiem: "60s" }, /unknown setting "tiem": did you mean time/],
    [{ systems: "raft" }, /gate\.systems is not a list of names/],
    [{ nemesis: [] }, /gate\.nemesis is not a list of names/],
    [{ workloads: ["kv", 7] }, /gate\.workloads is not a list of names/],
    [{ time: 60 }, /gate\.time is not a text/],
    [{ baseline: "" }, /gate\.baseline is not a text/],
  ])("are refused by name otherwise: %j", (settings, mention) => {
    expect(() => checkedGateSettings(settings, "faultline.config")).toThrow(mention);
  });
});

describe("a canary", () => {
  const bugsOf = async (name: string) => systems.get(name)?.bugs ?? {};

  it("takes workload, nemesis and anomalies from what the system declares of the bug", async () => {
    const canary = await canaryFrom("quorum:no-write-back", bugsOf);
    const { workload, nemesis, anomalies } = systems.get("quorum")?.bugs["no-write-back"] ?? {};
    expect(canary).toMatchObject({ workload, nemesis: [nemesis], anomalies });
    expect(canarySpec(canary, 7)).toMatchObject({
      system: "quorum",
      bugs: ["no-write-back"],
      seed: 7,
    });
  });

  it("is, as a rule, a documented bug of a reference system, by documented anomalies", () => {
    const bug = systems.get(usualCanary.system)?.bugs[usualCanary.bug];
    expect(bug?.anomalies).toEqual(expect.arrayContaining([...usualCanary.anomalies]));
  });

  it.each([
    ["raft", /SYSTEM:BUG/],
    ["raft:", /SYSTEM:BUG/],
    [":stale-read", /SYSTEM:BUG/],
    ["raft:stale-raed", /unknown bug "stale-raed": did you mean stale-read/],
    ["nobody:stale-read", /nobody declares no bugs/],
  ])("that does not exist is refused: %s", async (text, mention) => {
    await expect(canaryFrom(text, bugsOf)).rejects.toThrow(mention);
  });

  it("may be of a system whose file has a colon in its path", async () => {
    const asked: string[] = [];
    const bugs = { b: { summary: "", source: "", needs: "", anomalies: ["stale-read"] } };
    const canary = await canaryFrom("C:/own.ts:b", async (name) => {
      asked.push(name);
      return bugs;
    });
    expect(asked).toEqual(["C:/own.ts"]);
    expect(canary).toMatchObject({ system: "C:/own.ts", bug: "b", nemesis: ["swarm"] });
  });
});
