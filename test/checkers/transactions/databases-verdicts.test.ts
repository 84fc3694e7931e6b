/** Long histories of the four simulated databases: the last is valid, each other shows its class. */

import { describe, expect, it } from "vitest";
import { models } from "../../../checkers/index.js";
import { toHistory } from "../../../histories/index.js";
import { type DatabaseKind, type DatabaseOptions, databaseHistory } from "./databases.js";
import type { TransactionModel } from "./oracle/models.js";

interface Level {
  kind: DatabaseKind;
  keeps: readonly TransactionModel[];
  /** Models that do not hold, and an anomaly that says so. */
  breaks: Partial<Record<TransactionModel, string>>;
}

const ofLists: readonly Level[] = [
  {
    kind: "brat",
    keeps: [],
    breaks: { "read-uncommitted": "G0", "read-committed": "G0", serializable: "G0" },
  },
  {
    kind: "prefix",
    keeps: ["strong-read-committed", "causal-cerone", "prefix"],
    breaks: {
      "cursor-stability": "lost-update",
      "update-atomic": "lost-update",
      "consistent-view": "G-single-item",
    },
  },
  {
    kind: "si",
    keeps: ["parallel-snapshot-isolation", "snapshot-isolation", "strong-snapshot-isolation"],
    breaks: { "repeatable-read": "G2-item", serializable: "G2-item" },
  },
  {
    kind: "ssi",
    keeps: ["repeatable-read", "strong-session-serializable", "strict-serializable"],
    breaks: {},
  },
];

describe.each(ofLists)("a long history of $kind", ({ kind, keeps, breaks }) => {
  const history = longHistory({ kind, service: "list-append", transactions: 5_000, seed: 69 });

  it.each(keeps)("is %s", (model) => {
    expect(judge(model, history).valid).toBe(true);
  });

  it.each(Object.entries(breaks))("is not %s, for a %s", (model, anomaly) => {
    const { valid, anomalies } = judge(model, history);
    expect(valid).toBe(false);
    expect(anomalies.map(({ type }) => type)).toContain(anomaly);
  });
});

describe("a history of 100,000 transactions", () => {
  it("of ssi is strict serializable", () => {
    const size = { transactions: 100_000, seed: 69 };
    const history = longHistory({ kind: "ssi", service: "list-append", ...size });
    expect(judge("strict-serializable", history).valid).toBe(true);
  });
});

describe("a long history of registers", () => {
  const size = { service: "rw-register", transactions: 5_000, seed: 69 } as const;

  it("of ssi is strict serializable", () => {
    const history = longHistory({ kind: "ssi", ...size });
    expect(judge("strict-serializable", history).valid).toBe(true);
  });

  it("of si is not strict serializable", () => {
    const history = longHistory({ kind: "si", ...size });
    expect(judge("strict-serializable", history).valid).toBe(false);
  });

  it("of brat is not read committed", () => {
    const history = longHistory({ kind: "brat", ...size });
    expect(judge("read-committed", history).valid).toBe(false);
  });
});

type Judged = ReturnType<typeof toHistory>;

function longHistory(options: DatabaseOptions): Judged {
  return toHistory(databaseHistory(options));
}

function judge(model: string, history: Judged) {
  return models.get(model)!.checker().check(history);
}
