/** What the quick readers are for: lines as we and Jepsen spell them are read without the careful one. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { formatEvent } from "../../histories/jsonl.js";
import { TransactionsBuilder } from "../../histories/transactions-builder.js";
import { UsualTransactionsEdn } from "../../histories/usual-transactions-edn.js";
import { UsualTransactionsJson } from "../../histories/usual-transactions-json.js";
import { jepsen, transactional } from "./transactional.js";

const histories = transactional().map((events) =>
  events.filter(({ process, value }) => {
    const isForeign = JSON.stringify(value).includes("{");
    return typeof process === "number" && value !== null && !isForeign;
  }),
);

test("every usual line of JSON", () => {
  fc.assert(
    fc.property(histories, (events) => {
      const usual = new UsualTransactionsJson(new TransactionsBuilder());
      for (const event of events) {
        const line = formatEvent(event);
        for (const spelled of [line, line.replaceAll(",null]", "]")]) {
          expect(usual.read(spelled, 0, spelled.length), spelled).toBe(true);
        }
      }
    }),
  );
});

test("every usual map of EDN", () => {
  fc.assert(
    fc.property(histories, (events) => {
      const usual = new UsualTransactionsEdn(new TransactionsBuilder());
      for (const event of events) {
        const whole = jepsen(event);
        const bare = whole.replace(", :f :txn", "").replace(/, :process \d+/, "");
        for (const map of [whole, bare, bare.replaceAll(" nil]", "]")]) {
          expect(usual.read(map, 0), map).toBe(map.length);
        }
      }
    }),
  );
});
