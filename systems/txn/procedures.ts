/**
 * What clients may ask for: Maelstrom's transactions, given as a list of micro-operations, and a
 * few stored procedures, which decide by what they read. All run in the same transactions.
 */

import { errorCodes, type Json, type JsonObject, Refusal } from "../../src/hosts/ts/node.js";
import type { Write } from "./messages.js";

/** A transaction as a procedure sees it: its reads see its own writes. */
export interface Transaction {
  /** The value of a key, null when it was never written. @throws Refusal when it must give up. */
  read(key: string): Promise<Json>;
  /** @throws Refusal when it must give up. */
  write(write: Write): Promise<void>;
}

export interface Procedure<T extends Transaction = Transaction> {
  /** Known before it runs: it writes nothing. */
  readOnly: boolean;
  /** The reply tells the commit's timestamp, too. */
  stamped?: boolean;
  /** The reply, good if the transaction commits. @throws Refusal to abort it. */
  run(transaction: T): Promise<JsonObject>;
}

/** @throws Refusal for what is not a request of this service. */
export function procedureOf(body: JsonObject): Procedure {
  switch (body["type"]) {
    case "txn":
      return txn(body);
    case "transfer":
      return transfer(body);
    case "insert":
      return insert(body);
    case "increment":
      return increment(body);
    default:
      throw new Refusal(
        errorCodes.notSupported,
        `no operation ${JSON.stringify(body["type"] ?? null)}: txn, transfer, insert, increment`,
      );
  }
}

/** `["r", key, null]`, `["append", key, element]` or `["w", key, value]`, one after the other. */
function txn(body: JsonObject): Procedure {
  const micros = body["txn"];
  if (!Array.isArray(micros)) throw malformed("txn is a list of micro-operations");
  const steps = micros.map(microOf);
  return {
    readOnly: steps.every(([f]) => f === "r"),
    run: async (transaction) => {
      const results: Json[] = [];
      for (const [f, key, value] of steps) {
        const name = String(key);
        if (f === "r") results.push([f, key, await transaction.read(name)]);
        else {
          await transaction.write({ kind: f === "w" ? "set" : "append", key: name, value });
          results.push([f, key, value]);
        }
      }
      return { type: "txn_ok", txn: results };
    },
  };
}

type Micro = ["r" | "append" | "w", string | number, Json];

function microOf(micro: Json): Micro {
  const [f, key, value] = Array.isArray(micro) ? micro : [];
  const known = f === "r" || f === "append" || f === "w";
  const named = typeof key === "number" || (typeof key === "string" && !key.endsWith("/"));
  if (known && named) return [f, key, value ?? null];
  throw malformed(`${JSON.stringify(micro)} is no micro-operation: r, append and w of a key`);
}

/** Moves money between two accounts; one that was never written holds `opening`. */
function transfer(body: JsonObject): Procedure {
  const [from, to] = [text(body, "from"), text(body, "to")];
  const [amount, opening] = [integer(body, "amount"), integer(body, "opening")];
  return {
    readOnly: false,
    run: async (transaction) => {
      const balance = Number((await transaction.read(from)) ?? opening);
      const other = Number((await transaction.read(to)) ?? opening);
      if (balance < amount) {
        throw new Refusal(errorCodes.preconditionFailed, `${from} holds ${balance}`);
      }
      await transaction.write({ kind: "set", key: from, value: balance - amount });
      await transaction.write({ kind: "set", key: to, value: other + amount });
      return { type: "transfer_ok" };
    },
  };
}

/** Inserts a row into one of the two tables of a pair, if both are empty. */
function insert(body: JsonObject): Procedure {
  const { pair, side, id } = insertion(body);
  return {
    readOnly: false,
    run: async (transaction) => {
      const rows = [await transaction.read(`${pair}-a`), await transaction.read(`${pair}-b`)];
      if (rows.some((row) => row !== null)) {
        throw new Refusal(errorCodes.preconditionFailed, `${pair} has a row`);
      }
      await transaction.write({ kind: "set", key: `${pair}-${side}`, value: id });
      return { type: "insert_ok" };
    },
  };
}

/** @throws Refusal for an insert into no side of a pair. */
export function insertion(body: JsonObject): { pair: string; side: "a" | "b"; id: number } {
  const [pair, side] = [text(body, "pair"), text(body, "side")];
  if (side !== "a" && side !== "b") throw malformed('side is "a" or "b"');
  return { pair, side, id: integer(body, "id") };
}

/** Adds one, and says what that made; with the commit's timestamp. */
function increment(body: JsonObject): Procedure {
  const key = text(body, "key");
  return {
    readOnly: false,
    stamped: true,
    run: async (transaction) => {
      const value = Number((await transaction.read(key)) ?? 0) + 1;
      await transaction.write({ kind: "set", key, value });
      return { type: "increment_ok", value };
    },
  };
}

function text(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== "string") throw malformed(`${name} is a string`);
  return value;
}

function integer(body: JsonObject, name: string): number {
  const value = body[name];
  if (!Number.isSafeInteger(value)) throw malformed(`${name} is a whole number`);
  return value as number;
}

function malformed(text: string): Refusal {
  return new Refusal(errorCodes.malformedRequest, text);
}
