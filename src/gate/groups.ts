/**
 * Failures by what causes them. A group is a signature with the kinds of fault that are left after
 * shrinking; since shrinking takes hundreds of runs, only some failures are shrunk.
 *
 * Of each kind of failure (system, workload, signature) the first is shrunk; then every one whose
 * faults do not contain those of a group found so far, since it must have another cause; then,
 * while there is time, a few more that might. All others are counted under the largest group whose
 * kinds of fault they contain, known groups included. So is a failure whose shrinking was cut
 * short: faults that more time would have taken out must not look like a new group.
 */

import type { Failure } from "../campaign/campaign.js";
import type { Plan } from "../plan/plan.js";
import { type KnownGroup, keyOf } from "./baseline.js";
import type { Clock } from "./clock.js";

/** A failing run of a fresh seed. */
export interface Found {
  seed: number;
  system: string;
  workload: string;
  signature: string;
  /** The kinds of fault in its plan. */
  kinds: ReadonlySet<string>;
  failure: Failure;
}

export interface ShrunkFailure {
  group: string;
  plan: Plan;
  /** Its first anomaly, in a line. */
  headline: string;
  /** False when it was cut short. */
  complete: boolean;
  /** The case document. */
  text: string;
}

export interface FailureGroup {
  system: string;
  workload: string;
  signature: string;
  /** Null when nothing of it was shrunk, and it looks like no known group. */
  group: string | null;
  known: boolean;
  /** Failing runs in it, and how many of them were shrunk to know so. */
  count: number;
  shrunk: number;
  firstSeed: number;
  /** Its smallest story; none when the time did not suffice, or the group is known by its kinds. */
  smallest?: ShrunkFailure;
  members: Found[];
}

export interface Shrinking {
  clock: Clock;
  /** No shrinking begins after this, and each is given its part of what is left. */
  untilMs: number;
  /** Undefined when it came to nothing: the failure does not come again, or no time was left. */
  shrink(found: Found, untilMs: number): Promise<ShrunkFailure | undefined>;
}

/** Of one kind of failure at most so many are shrunk that look like groups found before. */
const ALIKE_SHRUNK = 3;
/** Not worth beginning for less. */
const SLICE_MIN_MS = 300;

/** All failures in groups: new ones first, then by system, workload and group. */
export async function groupFailures(
  failures: readonly Found[],
  known: readonly KnownGroup[],
  shrinking: Shrinking,
): Promise<FailureGroup[]> {
  const kinds = new Map<string, Bucket>();
  for (const found of failures) {
    const key = `${found.system} ${found.workload} ${found.signature}`;
    const bucket = kinds.get(key) ?? new Bucket(found, known);
    kinds.set(key, bucket);
    bucket.failures.push(found);
  }
  const buckets = [...kinds.values()];
  await shrinkInTurns(buckets, (bucket) => bucket.first(), shrinking);
  await shrinkInTurns(buckets, (bucket) => bucket.uncovered(), shrinking);
  await shrinkInTurns(buckets, (bucket) => bucket.alike(), shrinking);
  return buckets.flatMap((bucket) => bucket.groups()).sort(byOrder);
}

/** One failure of each bucket after the other, until no bucket has one more or the time is over. */
async function shrinkInTurns(
  buckets: readonly Bucket[],
  next: (bucket: Bucket) => Found | undefined,
  { clock, untilMs, shrink }: Shrinking,
): Promise<void> {
  for (;;) {
    const turn = buckets.filter((bucket) => next(bucket) !== undefined);
    if (turn.length === 0) return;
    for (const [i, bucket] of turn.entries()) {
      const left = untilMs - clock.now();
      if (left < SLICE_MIN_MS) return;
      const found = next(bucket) as Found;
      bucket.take(found, await shrink(found, clock.now() + left / (turn.length - i)));
    }
  }
}

/** The failures of one system and workload with one signature. */
class Bucket {
  readonly failures: Found[] = [];
  readonly #about: Pick<Found, "system" | "workload" | "signature">;
  readonly #known: readonly KnownGroup[];
  /** What came of those that were tried. */
  readonly #tried = new Map<Found, ShrunkFailure | undefined>();

  constructor({ system, workload, signature }: Found, known: readonly KnownGroup[]) {
    this.#about = { system, workload, signature };
    this.#known = known.filter(
      (one) => one.system === system && one.workload === workload && one.signature === signature,
    );
  }

  take(found: Found, result: ShrunkFailure | undefined): void {
    this.#tried.set(found, result);
  }

  first(): Found | undefined {
    return this.#tried.size === 0 ? this.failures[0] : undefined;
  }

  /** One that cannot be of any group found so far. */
  uncovered(): Found | undefined {
    const groups = [...this.#groupsFound(true), ...this.#groupsFound(false)];
    return this.failures.find(
      (found) => !this.#tried.has(found) && within(groups, found.kinds).length === 0,
    );
  }

  alike(): Found | undefined {
    if (this.#tried.size >= ALIKE_SHRUNK) return undefined;
    return this.failures.find((found) => !this.#tried.has(found));
  }

  groups(): FailureGroup[] {
    const result = new Map<string | null, FailureGroup>();
    for (const found of this.failures) {
      const group = this.#groupOf(found);
      const before = result.get(group);
      const shrunk = this.#tried.get(found);
      const one = before ?? this.#emptyGroup(group, found.seed);
      result.set(group, one);
      one.members.push(found);
      one.count++;
      if (shrunk === undefined) continue;
      one.shrunk++;
      if (shrunk.group === group) one.smallest = smaller(one.smallest, shrunk);
    }
    return [...result.values()];
  }

  #groupOf(found: Found): string | null {
    const shrunk = this.#tried.get(found);
    if (shrunk?.complete) return shrunk.group;
    const kinds = shrunk === undefined ? found.kinds : kindsOf(shrunk.plan);
    const sure = [...this.#groupsFound(true), ...this.#known.map(({ group }) => group)];
    // Of those that are sure the one that explains most; else the one that was shrunk furthest.
    return within(sure, kinds).at(-1) ?? within(this.#groupsFound(false), kinds)[0] ?? null;
  }

  /** By shrinking failures to the end, or those that were cut short. */
  #groupsFound(complete: boolean): string[] {
    return [...this.#tried.values()].flatMap((one) =>
      one?.complete === complete ? [one.group] : [],
    );
  }

  #emptyGroup(group: string | null, firstSeed: number): FailureGroup {
    const known = this.#known.some((one) => isOf(one, group));
    return { ...this.#about, group, known, count: 0, shrunk: 0, firstSeed, members: [] };
  }
}

/**
 * Whether a group is the one known, or what that comes down to when shrinking has the time that it
 * lacked then.
 */
function isOf(known: KnownGroup, group: string | null): boolean {
  if (group === known.group) return true;
  if (group === null || !known.inPart) return false;
  return within([group], new Set(kindsIn(known.group))).length > 0;
}

/** The groups whose kinds of fault are all present, those with the fewest first. */
function within(groups: readonly string[], present: ReadonlySet<string>): string[] {
  return groups
    .filter((group) => kindsIn(group).every((kind) => present.has(kind)))
    .sort((a, b) => kindsIn(a).length - kindsIn(b).length || (a < b ? -1 : a > b ? 1 : 0));
}

/** The kinds of fault that a group's name ends with. */
function kindsIn(group: string): string[] {
  return group
    .split("+")
    .slice(1)
    .filter((kind) => kind !== "no-fault");
}

export function kindsOf(plan: Plan): Set<string> {
  return new Set(plan.faults.map(({ kind }) => kind));
}

function smaller(one: ShrunkFailure | undefined, other: ShrunkFailure): ShrunkFailure {
  return one === undefined || sizeOf(other.plan) < sizeOf(one.plan) ? other : one;
}

function sizeOf({ faults, operations, nodes, clients }: Plan): number {
  return faults.length + operations.length + nodes.length + clients;
}

function byOrder(left: FailureGroup, right: FailureGroup): number {
  if (left.known !== right.known) return left.known ? 1 : -1;
  const [a, b] = [left, right].map((one) => `${keyOf(one)} ${one.signature}`) as [string, string];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Those of the baseline that no failure of now belongs to. */
export function notSeen(
  known: readonly KnownGroup[],
  groups: readonly FailureGroup[],
): KnownGroup[] {
  const sameKind = (one: KnownGroup, other: FailureGroup): boolean =>
    one.system === other.system &&
    one.workload === other.workload &&
    one.signature === other.signature;
  return known.filter(
    (one) => !groups.some((other) => sameKind(one, other) && isOf(one, other.group)),
  );
}
