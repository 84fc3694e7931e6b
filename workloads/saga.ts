/**
 * Orders of a few customers for a few items: some too dear, some out of stock, some to where nobody ships.
 *
 * Requests: `{type: "order", value: {customer, item, amount, price, reachable}}` -> `{type: "order_ok",
 * saga, outcome}`, confirmed or cancelled; `{type: "books"}` -> `{type: "books_ok", books}`: what the
 * services of that node have come to. Everything else is judged by what the services record.
 */

import { sagas } from "../checkers/index.js";
import { isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import { BadReply, expectType, field, type Workload } from "./workload.js";

const CUSTOMERS = 3;
const ITEMS = 2;
const PRICE_MAX = 60;
const AMOUNT_MAX = 3;

export const saga: Workload = {
  name: "saga",
  summary: "orders in three steps, of which some fail: done as a whole, or undone as a whole",
  requires: ["order", "books"],
  readOnly: ["books"],
  plan: ({ random, operations }) =>
    Array.from({ length: operations }, () => ({
      f: "order",
      value: {
        customer: `customer-${random.int(CUSTOMERS)}`,
        item: `item-${random.int(ITEMS)}`,
        amount: random.between(1, AMOUNT_MAX),
        price: random.between(1, PRICE_MAX),
        reachable: !random.chance(1, 5),
      },
    })),
  finals: () => [{ f: "books", value: null }],
  invoke: ({ f, value }) =>
    f === "order" ? { value, body: { type: f, value } } : { value: null, body: { type: f } },
  complete: ({ f }, _, reply) => {
    expectType(reply, `${f}_ok`);
    if (f === "order") return { saga: field(reply, "saga"), outcome: field(reply, "outcome") };
    return objectField(reply, "books");
  },
  checkers: () => [sagas],
};

function objectField(reply: JsonObject, name: string): Json {
  const value = field(reply, name);
  if (isJsonObject(value)) return value;
  throw new BadReply(`"${name}" is no object: ${JSON.stringify(reply).slice(0, 200)}`);
}
