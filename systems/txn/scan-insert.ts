/**
 * A procedure that decides by a predicate: inserts a row into a range if a scan of it finds none. Row
 * and pair are those of `insert` (procedures.ts), but nobody can lock, or look at again, the row that is
 * not there yet: whoever minds only rows lets two in, which is a phantom (Eswaran and others 1976).
 */

import { errorCodes, type JsonObject, Refusal } from "../../src/hosts/ts/node.js";
import { insertion, type Procedure, procedureOf, type Transaction } from "./procedures.js";
import type { Range } from "./ranges.js";

export interface ScanningTransaction extends Transaction {
  /** The keys of a range that have a value, its own writes aside. @throws Refusal as `read` does. */
  scan(range: Range): Promise<string[]>;
}

/** @throws Refusal for what is not a request of this service. */
export function scanningProcedureOf(body: JsonObject): Procedure<ScanningTransaction> {
  if (body["type"] !== "scan-insert") return procedureOf(body);
  const { pair, side, id } = insertion(body);
  const range: Range = `${pair}/`;
  return {
    readOnly: false,
    run: async (transaction) => {
      const rows = await transaction.scan(range);
      if (rows.length > 0) {
        throw new Refusal(errorCodes.preconditionFailed, `${pair} has a row`);
      }
      await transaction.write({ kind: "set", key: `${range}${id}`, value: side });
      return { type: "scan-insert_ok" };
    },
  };
}
