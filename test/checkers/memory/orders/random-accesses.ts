/** Tiny histories: any sources, or those of a simulated machine with a read changed now and then. */

import { machineHistory, withOneReadChanged } from "../../../../bench/memory/machine.js";
import {
  type Accesses,
  INITIAL,
  isRead,
  isWrite,
  kinds,
  NO_LOCATION,
} from "../../../../checkers/memory/accesses.js";
import type { Random } from "../../../../src/random/random.js";

export function tinyHistory(random: Random, sizeMax: number): Accesses {
  const machine = random.pick(["sequential", "tso", "pso"] as const);
  const sessions = random.between(2, 4);
  const keys = random.between(1, 3);
  const size = random.between(3, sizeMax);
  const shares = random.pick([
    { writePermille: 500 },
    { writePermille: 400, updatePermille: 150, fencePermille: 100 },
    { writePermille: 500, fencePermille: 150 },
  ]);
  if (random.chance(1, 3)) return anything(random, { sessions, keys, size });
  const history = machineHistory({ machine, sessions, keys, size, ...shares }, random);
  return random.chance(1, 2) ? withOneReadChanged(history, random) : history;
}

function anything(
  random: Random,
  { sessions, keys, size }: { sessions: number; keys: number; size: number },
): Accesses {
  const session = Int32Array.from({ length: size }, () => random.int(sessions)).sort();
  const starts = Int32Array.from(
    { length: sessions + 1 },
    (_, at) => session.filter((s) => s < at).length,
  );
  const kind = Uint8Array.from({ length: size }, () =>
    random.pick([
      kinds.read,
      kinds.read,
      kinds.read,
      kinds.write,
      kinds.write,
      kinds.write,
      kinds.update,
      kinds.fence,
    ]),
  );
  const key = Int32Array.from(kind, (of) => (of === kinds.fence ? NO_LOCATION : random.int(keys)));
  const source = Int32Array.from(kind, (of, access) => {
    if (!isRead(of)) return INITIAL;
    const writes = [...kind.keys()].filter(
      (at) => isWrite(kind[at]!) && key[at] === key[access] && at !== access,
    );
    return random.pick([INITIAL, ...writes]);
  });
  const operation = Int32Array.from({ length: size }, (_, at) => at);
  return {
    size,
    sessions,
    keys,
    starts,
    session,
    kind,
    key,
    source,
    completed: Int32Array.from(random.shuffle([...operation])),
    operation,
  };
}

/** The accesses of one key alone. */
export function ofKey(accesses: Accesses, only: number): Accesses {
  const members = [...accesses.key.keys()].filter((at) => accesses.key[at] === only);
  const take = (column: Int32Array): Int32Array => Int32Array.from(members, (at) => column[at]!);
  const session = take(accesses.session);
  return {
    size: members.length,
    sessions: accesses.sessions,
    keys: accesses.keys,
    starts: Int32Array.from(
      { length: accesses.sessions + 1 },
      (_, at) => session.filter((s) => s < at).length,
    ),
    session,
    kind: Uint8Array.from(members, (at) => accesses.kind[at]!),
    key: take(accesses.key),
    source: take(accesses.source).map((source) => (source < 0 ? source : members.indexOf(source))),
    completed: take(accesses.completed),
    operation: take(accesses.operation),
  };
}
