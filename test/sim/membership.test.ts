import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/base/json.js";
import type { Node, NodeContext } from "../../src/hosts/ts/node.js";
import { apply } from "../../src/sim/inject.js";
import { MS, SECOND, Stage, type StageOptions } from "./stage.js";

/** Nodes that grant every change, unless `refuses` says otherwise, and say whom they count. */
function granting(refuses: (context: NodeContext, body: JsonObject) => boolean = () => false) {
  return (context: NodeContext): Partial<Node> => ({
    start: () => {
      context.observe("boots", [...context.members]);
      context.observe("disk", context.disk.read("mark") ?? null);
      context.disk.write("mark", context.id);
      context.disk.fsync(() => undefined);
    },
    onMessage: ({ src, body }) => {
      context.observe("asked", [src, body["type"] as Json, body["node"] as Json]);
      if (refuses(context, body)) return undefined;
      return { type: `${String(body["type"])}_ok` };
    },
  });
}

const stageOf = (options: StageOptions = {}) => new Stage({ create: granting(), ...options });
const factsOf = (stage: Stage, f: string): string[] =>
  stage.observed.filter((line) => line.split(" ")[2] === f);
const leave = (target: string, atMs: number, untilMs: number, own: object = {}) =>
  ({ kind: "leave", atUs: atMs * MS, untilUs: untilMs * MS, target, ...own }) as const;

describe("a node that leaves", () => {
  test("is removed by a member that is asked, and taken in again at the end", async () => {
    const stage = stageOf();
    stage.fault(leave("n1", 100, 500));
    await stage.run(SECOND);
    expect(factsOf(stage, "asked")).toEqual([
      `${101 * MS} n2 asked ["admin","remove_node","n1"]`,
      `${501 * MS} n2 asked ["admin","add_node","n1"]`,
    ]);
    expect(stage.changes).toEqual([
      `${100 * MS} remove-node {"id":0,"node":"n1"}`,
      `${102 * MS} remove-node-end {"id":0,"node":"n1","done":true}`,
      `${500 * MS} add-node {"id":1,"node":"n1"}`,
      `${502 * MS} add-node-end {"id":1,"node":"n1","done":true}`,
    ]);
    expect(factsOf(stage, "boots")).toHaveLength(3);
    expect(stage.probes).toEqual(["a node was removed", "a node was taken in"]);
  });

  test("keeps being asked for, every 200 ms of another running member, until one agrees", async () => {
    const stage = stageOf({ create: granting(({ id }) => id !== "n1") });
    stage.fault({ kind: "crash", atUs: 0, untilUs: SECOND, target: "n2" });
    stage.fault(leave("n1", 100, 5_000));
    await stage.run(SECOND);
    expect(factsOf(stage, "asked")).toEqual([
      `${101 * MS} n3 asked ["admin","remove_node","n1"]`,
      `${301 * MS} n1 asked ["admin","remove_node","n1"]`,
    ]);
  });

  test("with a wipe comes back with an empty disk, and is told that it is no member", async () => {
    const stage = stageOf();
    stage.fault(leave("n1", 100, 500, { wipe: true }));
    await stage.run(SECOND);
    expect(factsOf(stage, "boots").at(-1)).toBe(`${500 * MS} n1 boots ["n2","n3"]`);
    expect(factsOf(stage, "disk").at(-1)).toBe(`${500 * MS} n1 disk null`);
    expect(stage.world.machine("n1").up).toBe(true);
    expect(stage.changes.at(-1)).toContain('add-node-end {"id":1,"node":"n1","done":true}');
  });

  test("keeps its disk as long as nobody has removed it", async () => {
    const stage = stageOf({ create: granting((_, { type }) => type === "remove_node") });
    stage.fault(leave("n1", 100, 500, { wipe: true }));
    await stage.run(SECOND);
    expect(factsOf(stage, "boots")).toHaveLength(3);
    expect(stage.world.machine("n1").disk.read("mark")).toBe("n1");
    expect(stage.changes).toEqual([
      `${100 * MS} remove-node {"id":0,"node":"n1"}`,
      `${500 * MS} remove-node-end {"id":0,"node":"n1","done":false}`,
      `${500 * MS} add-node {"id":1,"node":"n1"}`,
      `${502 * MS} add-node-end {"id":1,"node":"n1","done":true}`,
    ]);
  });

  test("goes after the one that leaves already: one change at a time", async () => {
    const stage = stageOf({
      create: granting(({ id }, { node }) => id === "n2" && node === "n1"),
    });
    stage.fault(leave("n1", 100, 5_000));
    stage.fault(leave("n2", 110, 5_000));
    await stage.run(SECOND);
    expect(stage.changes.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      `${100 * MS} remove-node`,
      `${302 * MS} remove-node-end`,
      `${302 * MS} remove-node`,
      `${304 * MS} remove-node-end`,
    ]);
    // Who was removed is asked for nothing any more.
    expect(factsOf(stage, "asked").at(-1)).toBe(
      `${303 * MS} n3 asked ["admin","remove_node","n2"]`,
    );
  });

  test("is given up within ten seconds of healing, and not before", async () => {
    const stage = stageOf({ create: granting(() => true) });
    stage.fault(leave("n1", 100, 90_000));
    stage.at(20 * SECOND, () => stage.world.membership.healed());
    await stage.run(60 * SECOND);
    expect(stage.changes).toHaveLength(2);
    const [at, what] = (stage.changes[1] as string).split(" ");
    expect(what).toBe("remove-node-end");
    expect(Number(at)).toBeGreaterThanOrEqual(30 * SECOND);
    expect(Number(at)).toBeLessThan(30.3 * SECOND);
  });

  test("is not removed by an answer to something else", async () => {
    const stage = stageOf({
      create: ({ reply }) => ({
        onMessage: (request) => {
          reply(request, { type: "add_node_ok" });
          reply({ ...request, body: { msg_id: 999 } }, { type: "remove_node_ok" });
          return { type: "error", code: 11 };
        },
      }),
    });
    stage.fault(leave("n1", 100, 5_000));
    await stage.run(SECOND);
    expect(stage.changes).toEqual([`${100 * MS} remove-node {"id":0,"node":"n1"}`]);
  });
});

describe("a node that joins", () => {
  const joining = (): Stage => {
    const stage = stageOf({ members: ["n1", "n2"] });
    stage.fault({ kind: "join", atUs: 0, untilUs: 500 * MS, target: "n3" });
    return stage;
  };

  test("does not run before it joins, and is then taken in", async () => {
    const stage = await joining().run(SECOND);
    expect(factsOf(stage, "boots")).toEqual(
      expect.arrayContaining([
        '0 n1 boots ["n1","n2"]',
        '0 n2 boots ["n1","n2"]',
        `${500 * MS} n3 boots ["n1","n2"]`,
      ]),
    );
    expect(factsOf(stage, "asked")).toEqual([`${501 * MS} n1 asked ["admin","add_node","n3"]`]);
    expect(stage.probes).toContain("a node was taken in");
  });

  test("is not brought to life by the end of another fault", async () => {
    const stage = joining();
    stage.fault({ kind: "crash", atUs: 100 * MS, untilUs: 200 * MS, target: "n3" });
    stage.at(300 * MS, () => stage.world.machine("n3").revive());
    await stage.run(400 * MS);
    expect(stage.world.machine("n3").up).toBe(false);
  });
});

describe("a world without changes of membership", () => {
  test("has nobody who asks for them", async () => {
    const stage = await stageOf().run(SECOND);
    expect(stage.network.endpoint("admin")).toBeUndefined();
    const lift = apply(stage.world, { id: 0, ...leave("n1", 0, 1) });
    expect(stage.network.endpoint("admin")).toBeDefined();
    lift();
  });
});
