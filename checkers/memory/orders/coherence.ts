/**
 * Coherence (cache consistency, Goodman 1989): each key is sequentially consistent by itself. Decided
 * key by key, fences left out; the steps of a search are shared. O(accesses) beside the decisions.
 */

import { type Accesses, kinds } from "../accesses.js";
import type { Decide, Violation } from "../decision.js";
import { decide } from "./decide.js";

export const coherence: Decide = (accesses, { stepsMax, orders }) => {
  const parts = partsOf(accesses);
  const place = new Int32Array(accesses.size);
  let left = stepsMax;
  let open: string | undefined;
  for (let key = 0; key < parts.length; key++) {
    const members = parts[key]!;
    members.forEach((access, i) => {
      place[access] = i;
    });
    const order = orders?.[key]?.map((access) => place[access]!);
    const options = { stepsMax: left, ...(order === undefined ? {} : { orders: [order] }) };
    const part = partOf(accesses, members, place);
    const { decision, steps } = decide(part, "sequential", "non-coherent", options);
    if (decision.holds === false) {
      return { holds: false, violation: translated(decision.violation, members) };
    }
    if (decision.holds === "unknown") open ??= `key ${key} is undecided after ${stepsMax} steps`;
    left = Math.max(0, left - steps);
  }
  return open === undefined ? { holds: true } : { holds: "unknown", reason: open };
};

/** By key its accesses, ascending. */
function partsOf({ size, keys, kind, key }: Accesses): number[][] {
  const parts: number[][] = Array.from({ length: keys }, () => []);
  for (let access = 0; access < size; access++) {
    if (kind[access] !== kinds.fence) parts[key[access]!]!.push(access);
  }
  return parts;
}

/** The accesses of one key alone, sessions without any left out. */
function partOf(accesses: Accesses, members: readonly number[], place: Int32Array): Accesses {
  const take = (column: Int32Array): Int32Array => Int32Array.from(members, (at) => column[at]!);
  const starts: number[] = [];
  const session = members.map((access, i) => {
    if (i === 0 || accesses.session[access] !== accesses.session[members[i - 1]!]) starts.push(i);
    return starts.length - 1;
  });
  return {
    size: members.length,
    sessions: starts.length,
    keys: 1,
    starts: Int32Array.from([...starts, members.length]),
    session: Int32Array.from(session),
    kind: Uint8Array.from(members, (access) => accesses.kind[access]!),
    key: new Int32Array(members.length),
    source: Int32Array.from(members, (access) => {
      const source = accesses.source[access]!;
      return source >= 0 ? place[source]! : source;
    }),
    completed: take(accesses.completed),
    operation: take(accesses.operation),
  };
}

function translated(violation: Violation, members: readonly number[]): Violation {
  return {
    ...violation,
    path: violation.path.map(({ from, to, relation }) => ({
      from: members[from]!,
      to: members[to]!,
      relation,
    })),
    accesses: violation.accesses.map((access) => members[access]!),
  };
}
