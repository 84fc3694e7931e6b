/** Ways to spoil a history, each well formed again; the same one where there is nothing to spoil. */

import type { Json } from "../../../../src/base/json.js";
import type { Tale, TaleMicro, TaleTransaction } from "./tale.js";

export interface Mutation {
  name: string;
  /** `pick` decides where. */
  apply(tale: Tale, pick: number): Tale;
}

export const mutations: readonly Mutation[] = [
  onRead("a read misses the newest", (value) => (Array.isArray(value) ? value.slice(0, -1) : null)),
  onRead("a read sees the next one, too", (value, written) => {
    if (!Array.isArray(value)) return written.find((next) => next > (value as number)) ?? value;
    return [...value, ...written.filter((next) => !value.includes(next)).slice(0, 1)];
  }),
  onRead("a read sees another version", (value, written, pick) => {
    const at = pick % (written.length + 1);
    return Array.isArray(value) ? written.slice(0, at) : (written[at] ?? null);
  }),
  onRead("a read misses one in the middle", (value, _, pick) => {
    if (!Array.isArray(value)) return null;
    const lost = pick % Math.max(1, value.length);
    return value.filter((__, at) => at !== lost);
  }),
  onRead("a read sees two in the other order", (value, _, pick) => {
    if (!Array.isArray(value) || value.length < 2) return value;
    const at = pick % (value.length - 1);
    return [...value.slice(0, at), value[at + 1]!, value[at]!, ...value.slice(at + 2)];
  }),
  onRead("a read sees what nobody wrote, or twice what somebody did", (value, _, pick) => {
    if (!Array.isArray(value)) return pick % 2 === 0 ? 99 : value;
    return pick % 2 === 0 ? [...value, 99] : [...value, ...value.slice(0, 1)];
  }),
  onTransaction("nobody knows whether it happened", (transaction, pick) => ({
    ...transaction,
    outcome: pick % 2 === 0 ? "info" : "pending",
  })),
  onTransaction("it is said to have failed", (transaction) => ({
    ...transaction,
    outcome: "fail",
  })),
  onTransaction("it is said to be ok", (transaction) => ({ ...transaction, outcome: "ok" })),
  onTransaction("another process did it", (transaction, pick) => ({
    ...transaction,
    process: pick % 4,
  })),
  onTransaction("it does a thing less", (transaction, pick) => ({
    ...transaction,
    micros: transaction.micros.filter(
      (_, at) => transaction.micros.length < 2 || at !== pick % transaction.micros.length,
    ),
  })),
  onTransaction("it does things in another order", ({ micros, ...transaction }, pick) => {
    const at = pick % micros.length;
    return { ...transaction, micros: [...micros.slice(at), ...micros.slice(0, at)] };
  }),
  moved("something is earlier", (at, pick) => Math.max(0, at - 1 - (pick % 5))),
  moved("something is later", (at, pick) => at + 1 + (pick % 5)),
  {
    name: "two neighbours change places",
    apply(tale, pick) {
      const at = pick % Math.max(1, tale.moments.length - 1);
      const moments = [...tale.moments];
      moments.splice(at, 2, ...moments.slice(at, at + 2).reverse());
      return { ...tale, moments };
    },
  },
];

function onTransaction(
  name: string,
  change: (transaction: TaleTransaction, pick: number) => TaleTransaction,
): Mutation {
  return {
    name,
    apply(tale, pick) {
      const chosen = pick % tale.transactions.length;
      const transactions = tale.transactions.map((transaction, number) =>
        number === chosen ? change(transaction, Math.floor(pick / 7)) : transaction,
      );
      return { ...tale, transactions };
    },
  };
}

function onRead(
  name: string,
  change: (value: Json, written: readonly number[], pick: number) => Json,
): Mutation {
  return {
    name,
    apply(tale, pick) {
      const micros = tale.transactions.flatMap((transaction) => transaction.micros);
      const reads = micros.filter(({ f }) => f === "r");
      const chosen = reads[pick % Math.max(1, reads.length)];
      if (chosen === undefined) return tale;
      const written = micros
        .filter(({ f, key }) => f !== "r" && key === chosen.key)
        .map(({ value }) => value as number);
      const changed: TaleMicro = {
        ...chosen,
        value: change(chosen.value, written, Math.floor(pick / 7)),
      };
      const transactions = tale.transactions.map((transaction) => ({
        ...transaction,
        micros: transaction.micros.map((micro) => (micro === chosen ? changed : micro)),
      }));
      return { ...tale, transactions };
    },
  };
}

function moved(name: string, place: (at: number, pick: number) => number): Mutation {
  return {
    name,
    apply(tale, pick) {
      const at = pick % tale.moments.length;
      const moments = [...tale.moments];
      const [moment] = moments.splice(at, 1);
      moments.splice(place(at, Math.floor(pick / 7)), 0, moment!);
      return { ...tale, moments };
    },
  };
}
