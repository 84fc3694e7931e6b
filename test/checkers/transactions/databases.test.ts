/** Each simulated database keeps what it promises: the oracle says so of small histories. */

import { describe, expect, it } from "vitest";
import { toHistory } from "../../../histories/index.js";
import { type DatabaseKind, databaseHistory, databaseKinds } from "./databases.js";
import { holds, type TransactionModel } from "./oracle/models.js";

const promises: Record<DatabaseKind, { keeps?: TransactionModel; breaks?: TransactionModel }> = {
  brat: { breaks: "read-uncommitted" },
  prefix: { keeps: "prefix", breaks: "snapshot-isolation" },
  si: { keeps: "strong-snapshot-isolation", breaks: "serializable" },
  ssi: { keeps: "strict-serializable" },
};

const services = ["list-append", "rw-register"] as const;
const few = { transactions: 6, concurrency: 3, activeKeys: 2, microsMax: 3, infoOneIn: 6 };

describe.each(services)("the simulated database of %s", (service) => {
  it.each(databaseKinds)("%s keeps its promise and no more", (kind) => {
    const { keeps, breaks } = promises[kind];
    // Blind writes of a register never contradict each other.
    const broken = service === "rw-register" && kind === "brat" ? "read-committed" : breaks;
    const verdicts = Array.from({ length: 100 }, (_, seed) => {
      const events = databaseHistory({ kind, service, seed, ...few });
      if (keeps !== undefined) expect(holds(keeps, events), `seed ${seed}`).toBe(true);
      return broken === undefined || holds(broken, events);
    });
    expect(verdicts.includes(false)).toBe(broken !== undefined);
  });

  it.each(databaseKinds)("%s makes the same well-formed history again", (kind) => {
    const options = { kind, service, seed: 5, transactions: 2000 };
    const events = databaseHistory(options);
    expect(toHistory(events).operations).toHaveLength(2000);
    expect(databaseHistory(options)).toEqual(events);
    expect(databaseHistory({ ...options, seed: 6 })).not.toEqual(events);
  });
});
