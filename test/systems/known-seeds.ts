/**
 * Seeds that showed what only few seeds show, when it was last looked for. They are tried first, then
 * all from 1 on: where a change of a system made one useless, a test takes longer, and says the same.
 */

/** By system, then by bug. */
const ofBugs: { readonly [system: string]: { readonly [bug: string]: number } } = {
  chain: { "collects-under-reads": 22 },
  ids: { "clock-ids": 74 },
  "multi-paxos": {
    "adds-up-ballots": 36,
    "lease-ignores-drift": 17,
    "promise-not-durable": 30,
  },
  paxos: { "promise-not-durable": 78 },
  "primary-backup": { "acks-unsynced": 32, "unclean-election": 33 },
  raft: { "change-before-commit": 18, "lease-ignores-drift": 14, "vote-not-durable": 14 },
  redlock: { "wall-clock-expiry": 20 },
  saga: { suspension: 11 },
  "three-phase-commit": { "vote-not-durable": 18 },
  "two-phase-commit": { "vote-not-durable": 10 },
};

/** By system: those whose runs have its rarest moments. */
const ofProbes: { readonly [system: string]: readonly number[] } = {
  chain: [37],
  "crdt-g-counter": [25],
  "crdt-g-set": [16],
  "crdt-lww-register": [40],
  "crdt-mv-register": [16],
  "crdt-or-set": [11],
  "multi-paxos": [36],
  "primary-backup": [33],
  saga: [11],
  "three-phase-commit": [30],
  "three-phase-commit-synchronous": [103, 44, 41, 32, 13],
  "two-phase-commit": [30],
  txn: [30],
};

/** Each seed up to `seedsMax` once, in the order to look for the bug in. */
export function seedsForBug(system: string, bug: string, seedsMax: number): number[] {
  const known = ofBugs[system]?.[bug];
  return inOrder(known === undefined ? [] : [known], seedsMax);
}

/** Each seed up to `seedsMax` once, in the order to look for the system's moments in. */
export function seedsForProbes(system: string, seedsMax: number): number[] {
  return inOrder(ofProbes[system] ?? [], seedsMax);
}

function inOrder(first: readonly number[], seedsMax: number): number[] {
  const all = Array.from({ length: seedsMax }, (_, i) => i + 1);
  return [...new Set([...first.filter((seed) => seed <= seedsMax), ...all])];
}
