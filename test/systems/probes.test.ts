/**
 * What should happen sometimes is declared, and what is declared does happen: over a fixed set of
 * seeds, so that a branch that nothing reaches any more is noticed.
 */

import { describe, expect, test } from "vitest";
import { execute, planRun, type RunRequest } from "../../src/controller/index.js";
import { simProbes } from "../../src/sim/probes.js";
import { systems } from "../../systems/index.js";
import { seedsForProbes } from "./known-seeds.js";

/** The forms of a CRDT, and the loss of a disk. */
const forms = [
  { options: { form: "delta" } },
  { nemesis: ["wipe", "swarm"], options: { form: "op" } },
] as const;

/** Moments that the usual setting has not, or hardly ever. */
const elsewhere: { readonly [system: string]: readonly Omit<RunRequest, "seed" | "system">[] } = {
  "crdt-g-counter": forms,
  "crdt-pn-counter": forms,
  "crdt-lww-register": forms,
  "crdt-mv-register": forms,
  "crdt-g-set": forms,
  "crdt-or-set": [{ options: { form: "delta" } }, { options: { form: "op" } }],
  chain: [{ options: { reads: "any" } }],
  "primary-backup": [{ options: { mode: "in-sync", minInSync: 1, reads: "marked" } }],
  saga: [{ options: { coordination: "choreography" } }],
  dynamo: [{ options: { sloppy: true } }],
  cops: [{ workload: "read-transactions" }],
  "logical-clocks": [{ options: { clock: "hybrid" } }],
  "multi-paxos": [
    { options: { reads: "lease" } },
    { nemesis: ["wipe"] },
    { options: { windowInstances: 1 } },
  ],
  gossip: [{ nemesis: ["corruption", "swarm"] }],
  registry: [{ options: { kind: "dht" } }],
  "work-queue": [{ options: { mode: "outbox" } }],
  "deadlock-detector": [{ options: { detection: "central" } }, { nemesis: ["duplicate"] }],
  "sharded-store": [{ options: { partitioning: "range" } }, { nemesis: ["membership"] }],
  raft: [
    { options: { reads: "lease" } },
    { nemesis: ["membership"], options: { membership: "joint" } },
    { nemesis: ["blank-returns"] },
    { nemesis: ["rival-changes"] },
    {
      nemesis: ["alternating-leader-crashes"],
      options: { batchEntriesMax: 1, electionTimeoutMs: 100, heartbeatMs: 25 },
    },
  ],
};
const SEEDS_MAX = 150;

/** Of the harness itself: the simulated world's, and those that count faults. */
function isOurs(name: string): boolean {
  return (
    (simProbes as readonly string[]).includes(name) ||
    /^(fault:|operation (unknown )?during) /.test(name)
  );
}

describe.each([...systems.values()])("$name", (system) => {
  const { probes = [] } = system;

  test("declares every moment that it counts, and every declared one happens", async () => {
    const missing = new Set(probes);
    const settings = [{}, ...(elsewhere[system.name] ?? [])];
    for (const seed of seedsForProbes(system.name, SEEDS_MAX)) {
      if (missing.size === 0) break;
      for (const setting of settings) {
        const workload = system.workloads[seed % system.workloads.length] as string;
        const plan = planRun({ system, seed, workload, ...setting });
        const fired = Object.keys((await execute(plan, { system })).probes);
        expect(fired.filter((name) => !isOurs(name) && !probes.includes(name))).toEqual([]);
        for (const name of fired) missing.delete(name);
      }
    }
    expect([...missing]).toEqual([]);
  });

  test("names each moment once", () => {
    expect(new Set(probes).size).toBe(probes.length);
  });
});
