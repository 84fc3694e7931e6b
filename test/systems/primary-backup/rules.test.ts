import { describe, expect, it } from "vitest";
import { primaryBackup } from "../../../systems/primary-backup/index.js";
import { groupRecovery, modes, rulesOf } from "../../../systems/primary-backup/rules.js";

const sizes = [1, 2, 3, 4, 5, 6, 7];
const durableModes = ["sync", "semi-sync"] as const;

describe("the rules of a primary-backup group", () => {
  it.each(modes)("%s: two primaries of one epoch would share a granter", (mode) => {
    for (const n of sizes) expect(2 * rulesOf({ mode }, n).grants).toBeGreaterThan(n);
  });

  it.each(durableModes)("%s: any granters meet any nodes that keep an entry", (mode) => {
    for (const n of sizes) {
      const { grants, keep } = rulesOf({ mode }, n);
      expect(grants + keep).toBe(n + 1);
    }
  });

  it.each(durableModes)("%s: what is acknowledged is kept", (mode) => {
    for (const n of sizes) {
      const { keep, acknowledge } = rulesOf({ mode }, n);
      expect(acknowledge).toBeGreaterThanOrEqual(keep);
      expect(keep).toBeGreaterThanOrEqual(1);
    }
  });

  it.each(durableModes)("%s: whoever confirms a read meets any granters", (mode) => {
    for (const n of sizes) {
      const { grants, confirm } = rulesOf({ mode }, n);
      expect(grants + confirm).toBeGreaterThan(n);
    }
  });

  it.each(modes)("%s: never asks for more nodes than there are", (mode) => {
    for (const n of sizes)
      for (const count of Object.values(rulesOf({ mode }, n))) {
        expect(count).toBeLessThanOrEqual(n);
      }
  });

  it("waits for all backups, for one, or for none", () => {
    expect(rulesOf({ mode: "sync" }, 5).acknowledge).toBe(5);
    expect(rulesOf({ mode: "semi-sync" }, 5).acknowledge).toBe(2);
    expect(rulesOf({ mode: "async" }, 5).acknowledge).toBe(1);
  });

  it("in-sync: never keeps an entry at fewer nodes than asked for, nor asks for more than there are", () => {
    for (const n of sizes)
      for (const minInSync of [1, 2]) {
        const { keep, inSync } = rulesOf({ mode: "in-sync", minInSync }, n);
        expect(keep).toBe(Math.min(minInSync, n));
        expect(inSync).toBe(keep);
      }
  });

  it("in-sync: any nodes that recover include one of the least set", () => {
    for (const n of sizes)
      for (const minInSync of [1, 2]) {
        const options = { mode: "in-sync", minInSync };
        const core = groupRecovery.core(n, options);
        expect(core + rulesOf(options, n).inSync).toBeGreaterThan(n);
      }
  });

  it("pays for waiting less with asking more at failover", () => {
    expect(rulesOf({ mode: "sync" }, 5).grants).toBe(3);
    expect(rulesOf({ mode: "semi-sync" }, 5).grants).toBe(4);
  });
});

describe("the service", () => {
  it("promises linearizability, except where it may lose what it acknowledged", () => {
    const consistencies = modes.map((mode) => primaryBackup.service({ mode }, 5).consistency);
    expect(consistencies).toEqual(["linearizable", "linearizable", "lossy", "linearizable"]);
  });

  it("offers compare-and-set where a refusal is kept", () => {
    const offers = modes.filter((mode) =>
      primaryBackup.service({ mode }, 5).operations.includes("cas"),
    );
    expect(offers).toEqual(["semi-sync", "sync", "in-sync"]);
  });
});
