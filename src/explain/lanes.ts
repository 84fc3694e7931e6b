/** The operations of a run in real-time order, a lane for each process and each kind of fault. */

import { faultLanes, type Labelled } from "../../checkers/explain/fault-lanes.js";
import { drawLanes } from "../../checkers/explain/lanes.js";
import type { History, Operation } from "../../histories/index.js";
import { canonical } from "../base/json.js";
import { request, shown } from "./words.js";

const LABEL_MAX = 44;

/** @param marked the operation with which it broke, by its `Operation.id`. */
export function lanesOf(history: History, marked: number | undefined): string {
  const { operations, observations } = history;
  const breaking = operations.find(({ id }) => id === marked);
  const drawn = operations.map(labelled);
  return drawLanes([...drawn, ...faultLanes(observations, drawn)], {
    labelOf: ({ label }) => label,
    labelMax: LABEL_MAX,
    noun: "operation",
    marked: breaking?.invoked,
  });
}

function labelled(operation: Operation): Labelled {
  const { process, invoked, completed, outcome, input, output, node } = operation;
  const tells = outcome === "ok" && (input === null || canonical(input) !== canonical(output));
  const isTxn = operation.f === "txn" && tells;
  const asked = isTxn ? `txn ${shown(output)}` : request(operation);
  const says = tells && !isTxn ? ` -> ${shown(output)}` : outcome === "fail" ? " (failed)" : "";
  return { process, invoked, completed, label: `${asked}${says}${node ? ` @${node}` : ""}` };
}
