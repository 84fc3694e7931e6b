import { describe, expect, it } from "vitest";
import { primaryBackup } from "../../../systems/primary-backup/index.js";
import { modes, rulesOf } from "../../../systems/primary-backup/rules.js";

const sizes = [1, 2, 3, 4, 5, 6, 7];
const durableModes = ["sync", "semi-sync"] as const;

describe("the rules of a primary-backup group", () => {
  it.each(modes)("%s: two primaries of one epoch would share a granter", (mode) => {
    for (const n of sizes) expect(2 * rulesOf(mode, n).grants).toBeGreaterThan(n);
  });

  it.each(durableModes)("%s: any granters meet any nodes that keep an entry", (mode) => {
    for (const n of sizes) {
      const { grants, keep } = rulesOf(mode, n);
      expect(grants + keep).toBe(n + 1);
    }
  });

  it.each(durableModes)("%s: what is acknowledged is kept", (mode) => {
    for (const n of sizes) {
      const { keep, acknowledge } = rulesOf(mode, n);
      expect(acknowledge).toBeGreaterThanOrEqual(keep);
      expect(keep).toBeGreaterThanOrEqual(1);
    }
  });

  it.each(durableModes)("%s: whoever confirms a read meets any granters", (mode) => {
    for (const n of sizes) {
      const { grants, confirm } = rulesOf(mode, n);
      expect(grants + confirm).toBeGreaterThan(n);
    }
  });

  it.each(modes)("%s: never asks for more nodes than there are", (mode) => {
    for (const n of sizes)
      for (const count of Object.values(rulesOf(mode, n))) {
        expect(count).toBeLessThanOrEqual(n);
      }
  });

  it("waits for all backups, for one, or for none", () => {
    expect(rulesOf("sync", 5).acknowledge).toBe(5);
    expect(rulesOf("semi-sync", 5).acknowledge).toBe(2);
    expect(rulesOf("async", 5).acknowledge).toBe(1);
  });

  it("pays for waiting less with asking more at failover", () => {
    expect(rulesOf("sync", 5).grants).toBe(3);
    expect(rulesOf("semi-sync", 5).grants).toBe(4);
  });
});

describe("the service", () => {
  it("promises linearizability, except where it may lose what it acknowledged", () => {
    const consistencies = modes.map((mode) => primaryBackup.service({ mode }, 5).consistency);
    expect(consistencies).toEqual(["linearizable", "linearizable", "lossy"]);
  });

  it("offers compare-and-set where a refusal is kept", () => {
    const offers = modes.filter((mode) =>
      primaryBackup.service({ mode }, 5).operations.includes("cas"),
    );
    expect(offers).toEqual(["semi-sync", "sync"]);
  });
});
