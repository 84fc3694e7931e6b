import { describe, expect, it } from "vitest";
import { registry } from "../../../systems/registry/index.js";
import { Solo } from "../solo.js";

const life = { service: "s", instance: "i" };
const registrar = (bugs: string[] = []): Solo =>
  new Solo(registry, { nodes: ["n1", "n2"], options: { kind: "central" }, bugs });

async function listed(node: Solo): Promise<unknown> {
  return (await node.ask("c1", { type: "lookup", service: "s" }))?.["instances"];
}

describe("the node that is the registry", () => {
  it("keeps an instance for as long as its lease is renewed, and no longer", async () => {
    const node = registrar();
    await node.ask("c1", { type: "register", ...life, lease: true });
    for (const beat of [1, 2, 3]) {
      await node.advance(1_900);
      await node.ask("c1", { type: "renew", ...life, beat });
      expect(await listed(node)).toEqual(["i"]);
    }
    await node.advance(2_300);
    expect(await listed(node)).toEqual([]);
  });

  it("does not bring back who was deregistered, whatever comes late", async () => {
    const node = registrar();
    await node.ask("c1", { type: "register", ...life, lease: true });
    await node.ask("c1", { type: "deregister", ...life });
    expect(await node.ask("c1", { type: "renew", ...life, beat: 1 })).toMatchObject({ code: 20 });
    await node.ask("c1", { type: "register", ...life, lease: true });
    expect(await listed(node)).toEqual([]);
  });

  it("refuses for good who is renewed before it is registered", async () => {
    const node = registrar();
    expect(await node.ask("c1", { type: "renew", ...life, beat: 1 })).toMatchObject({ code: 20 });
    const late = await node.ask("c1", { type: "register", ...life, lease: true });
    expect(late).toMatchObject({ code: 22 });
    expect(await listed(node)).toEqual([]);
  });

  it("counts a heartbeat once, also after a restart", async () => {
    const node = registrar();
    await node.ask("c1", { type: "register", ...life, lease: true });
    await node.ask("c1", { type: "renew", ...life, beat: 1 });
    node.crash();
    await node.advance(1_500);
    const again = await node.ask("c1", { type: "renew", ...life, beat: 1 });
    expect(again).toMatchObject({ type: "renew_ok" });
    await node.advance(800);
    expect(await listed(node)).toEqual([]);
  });

  it("gives all leases anew when it restarts, and records which", async () => {
    const node = registrar();
    await node.ask("c1", { type: "register", ...life, lease: true });
    await node.ask("c1", { type: "register", service: "s", instance: "j", lease: false });
    await node.advance(2_000);
    node.crash();
    await node.advance(2_000);
    expect(await listed(node)).toEqual(["i", "j"]);
    expect(node.observed).toContain('leases-anew {"lives":[{"service":"s","instance":"i"}]}');
  });

  it("tells a watch everything after its revision, and who is too far behind to list", async () => {
    const node = registrar();
    await node.ask("c1", { type: "register", ...life, lease: false });
    const list = await node.ask("n2", { type: "list" });
    expect(list).toMatchObject({ revision: 1, lives: [life] });
    await node.ask("c1", { type: "deregister", ...life });
    expect(await node.ask("n2", { type: "watch", from: 1 })).toMatchObject({
      revision: 2,
      events: [{ ...life, is: "down" }],
    });
    for (let i = 0; i < 20; i++) {
      await node.ask("c1", { type: "register", service: "s", instance: `k${i}`, lease: false });
    }
    expect(await node.ask("n2", { type: "watch", from: 1 })).toMatchObject({ tooOld: true });
  });

  it("tells nobody of what a crash may still take away", async () => {
    const node = registrar();
    node.tell("c1", { type: "register", ...life, lease: false });
    const reply = node.tell("n2", { type: "list" });
    expect(reply()).toBeUndefined();
    node.crash();
    expect(await node.ask("n2", { type: "list" })).toMatchObject({ revision: 0, lives: [] });
  });
});
