/** What a saga is about: an order, and the three services that each do one step of it. */

import { isJsonObject, type Json } from "../../src/base/json.js";

export const steps = ["payment", "stock", "shipping"] as const;

export type Step = (typeof steps)[number];
export type Service = "order" | Step;

/** Who keeps which book: one node each, from the first on; nodes share where there are fewer. */
export const services: readonly Service[] = ["order", ...steps];

export interface Order {
  saga: string;
  /** By what the services know it: whatever bears the same key is one request. */
  key: string;
  customer: string;
  item: string;
  amount: number;
  price: number;
  /** Whether shipping goes there at all. */
  reachable: boolean;
}

/** What every customer has to spend, and how much there is of every item, at the beginning. */
export const BALANCE = 1_500;
export const STOCK = 150;

export function nodeOf(service: Service, nodes: readonly string[]): string {
  return nodes[services.indexOf(service) % nodes.length] as string;
}

/** Undefined where a request lacks what an order needs. */
export function orderOf(saga: string, value: Json | undefined): Order | undefined {
  if (!isJsonObject(value)) return undefined;
  const { key = saga, customer, item, amount, price, reachable } = value;
  if (typeof customer !== "string" || typeof item !== "string") return undefined;
  if (typeof amount !== "number" || typeof price !== "number") return undefined;
  return { saga, key: String(key), customer, item, amount, price, reachable: reachable !== false };
}
