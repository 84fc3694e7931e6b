/**
 * The certificate that a history carries among its observations, checked from the history alone: a
 * claim of what is wrong with it (claim.ts), or an order that explains it:
 *
 *     {"process":"certificate","type":"info","f":"serial-order","value":{"relation":"realtime","order":[0,4,2]}}
 *     {"process":"certificate","type":"info","f":"snapshot-order","value":{"relation":"data","order":[["snapshot",0],["commit",0]]}}
 *
 * Orders name transactions by the positions of their invocations.
 */

import type { Transactions } from "../../../histories/transactions.js";
import { isJsonObject, type Json } from "../../../src/base/json.js";
import { CERTIFICATE, claimOf } from "./claim.js";
import { verifyClaim } from "./verify-claim.js";
import { type OrderCertificate, verifyOrder } from "./verify-order.js";

const forms = ["serial", "prefix", "snapshot"] as const;
const relations = ["data", "process", "realtime"] as const;
/** In an order, in place of what names no transaction; the verifier says so. */
const NOBODY = -2;

export interface KeptCertificate {
  /** What it is about: the type of an anomaly, or the kind of an order. */
  about: string;
  /** True, or the first thing that is wrong. */
  verified: true | string;
}

/** Undefined when there is none. As costly as `verifyClaim` or `verifyOrder`. */
export function verifyKept(transactions: Transactions): KeptCertificate | undefined {
  const claim = claimOf(transactions.observations ?? []);
  if (claim !== undefined) return { about: claim.type, verified: verifyClaim(transactions, claim) };
  const order = orderIn(transactions);
  if (order === undefined) return undefined;
  return { about: `${order.form} order`, verified: verifyOrder(transactions, order) };
}

/** The first order among the observations. O(transactions). */
function orderIn(transactions: Transactions): OrderCertificate | undefined {
  for (const { process, f, value } of transactions.observations ?? []) {
    const form = forms.find((one) => f === `${one}-order`);
    if (process !== CERTIFICATE || form === undefined || !isJsonObject(value)) continue;
    const relation = relations.find((one) => one === value["relation"]);
    const { order } = value;
    if (relation === undefined || !Array.isArray(order)) continue;
    return { form, relation, order: Int32Array.from(numbersOf(transactions, form, order)) };
  }
  return undefined;
}

function numbersOf(
  { size, invoked }: Transactions,
  form: OrderCertificate["form"],
  order: readonly Json[],
): number[] {
  const numbers = new Map<Json | undefined, number>();
  for (let t = 0; t < size; t++) numbers.set(invoked[t]!, t);
  if (form === "serial") return order.map((event) => numbers.get(event) ?? NOBODY);
  return order.map((entry) => {
    const [what, event] = Array.isArray(entry) ? entry : [];
    const t = numbers.get(event);
    if (t === undefined || (what !== "snapshot" && what !== "commit")) return NOBODY;
    return what === "snapshot" ? 2 * t : 2 * t + 1;
  });
}
