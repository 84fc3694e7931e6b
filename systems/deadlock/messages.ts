/** What lock managers say to each other, and the names by which they know things. */

import type { JsonObject } from "../../src/base/json.js";

/** A transaction's name: its node, the boot of that node, and a number: "n2/1/17". */
export type Txn = string;

/** At its owner, `txn` waits for the lock of `key`, which `holder` has. */
export type Edge = {
  txn: Txn;
  key: string;
  holder: Txn;
  /** The owner's boot: what it knew before is another edge. */
  boot: number;
};

export function isSameEdge(left: Edge, right: Edge): boolean {
  return (
    left.txn === right.txn &&
    left.key === right.key &&
    left.holder === right.holder &&
    left.boot === right.boot
  );
}

/** The node at which a transaction runs. */
export function homeOf(txn: Txn): string {
  return txn.split("/")[0] ?? "";
}

/** The node that has the lock of a key. */
export function ownerOf(key: string, nodes: readonly string[]): string {
  const sum = [...key].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return nodes[sum % nodes.length] as string;
}

/** The one with the greatest number, and of these the last by name: the same whoever asks. */
export function youngestOf(txns: readonly Txn[]): Txn {
  const ageOf = (txn: Txn): number => Number(txn.split("/")[2]);
  const byAge = (a: Txn, b: Txn): number => ageOf(b) - ageOf(a) || (a < b ? 1 : -1);
  return [...txns].sort(byAge)[0] as Txn;
}

/** How a node reaches others, and itself. */
export interface Desk {
  /** How often this node has started. */
  boot: number;
  tell(to: string, body: JsonObject): void;
  /** @throws RpcTimeout when no answer came in time. */
  ask(to: string, body: JsonObject): Promise<JsonObject>;
}
