/**
 * The checker against one that tries every world: when each request took effect, how long each lease
 * lasted, and which moment the answer shows. Where no world explains an answer, it is an anomaly.
 */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../../checkers/index.js";
import { timeline } from "../timeline.js";

const STALE = 3;
const LEASE = 4;
const LEASE_MAX = 6;
/** When a request of unknown outcome takes effect at the latest: after everything else. */
const LATE = 40;

interface Request {
  from: number;
  lasts: number;
  isKnown: boolean;
}

interface Story {
  leased: boolean;
  register: Request;
  renewals: Request[];
  end: Request | undefined;
  lookup: { from: number; lasts: number };
  isListed: boolean;
}

const request = (fromMax: number, isKnown: fc.Arbitrary<boolean>): fc.Arbitrary<Request> =>
  fc.record({ from: fc.nat(fromMax), lasts: fc.nat(3), isKnown });

/** Nobody ends what has not been asked for yet. */
function storyWith(renewalsMax: number, isKnown: fc.Arbitrary<boolean>): fc.Arbitrary<Story> {
  const stories = fc.record({
    leased: fc.boolean(),
    register: request(4, isKnown),
    renewals: fc.array(request(16, isKnown), { maxLength: renewalsMax }),
    end: fc.option(request(16, isKnown), { nil: undefined }),
    lookup: fc.record({ from: fc.nat(26), lasts: fc.nat(3) }),
    isListed: fc.boolean(),
  });
  return stories.map(({ end, ...story }) => {
    const sinceAt = story.register.from + story.register.lasts;
    return { ...story, end: end && { ...end, from: sinceAt + end.from } };
  });
}

/** The moments at which it may take effect; undefined where it may not do so at all. */
function moments({ from, lasts, isKnown }: Request): (number | undefined)[] {
  const last = isKnown ? from + lasts : LATE;
  const all = Array.from({ length: last - from + 1 }, (_, i) => from + i);
  return isKnown ? all : [undefined, ...all];
}

/** Every choice of one from each list. */
function* choices<T>(lists: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const one of first) for (const others of choices(rest)) yield [one, ...others];
}

function isExplained({ leased, register, renewals, end, lookup, isListed }: Story): boolean {
  const beats = leased ? renewals : [];
  const ends = end === undefined ? [[undefined]] : [moments(end)];
  for (const [bornAt, endsAt, ...beatsAt] of choices([
    moments(register),
    ...ends,
    ...beats.map(moments),
  ])) {
    for (const lease of [LEASE, LEASE_MAX]) {
      const diesAt = death(leased, bornAt, endsAt, beatsAt, lease);
      if (diesAt === undefined) continue;
      for (let at = lookup.from - STALE; at <= lookup.from + lookup.lasts; at++) {
        if (bornAt === undefined) {
          if (!isListed) return true;
        } else if (isListed ? bornAt <= at && at <= diesAt : at <= bornAt || at >= diesAt)
          return true;
      }
    }
  }
  return false;
}

/** Undefined where an acknowledged heartbeat found nobody: it would have been refused. */
function death(
  leased: boolean,
  bornAt: number | undefined,
  endsAt: number | undefined,
  beatsAt: readonly (number | undefined)[],
  lease: number,
): number | undefined {
  const endAt = endsAt ?? Number.POSITIVE_INFINITY;
  if (!leased || bornAt === undefined) return endAt;
  let until = bornAt + lease;
  for (const at of beatsAt.filter((one) => one !== undefined).sort((a, b) => a - b)) {
    if (at < bornAt || at > until || at > endAt) return undefined;
    until = Math.max(until, at + lease);
  }
  return Math.min(endAt, until);
}

function isFlagged({ leased, register, renewals, end, lookup, isListed }: Story): boolean {
  const span = ({ from, lasts, isKnown }: Request): string =>
    `${from}..${isKnown ? from + lasts : "?"}`;
  const lease = leased ? `{"leaseMs":${LEASE}}` : '{"leaseMs":null}';
  const lines = [
    `n1 registry {"leaseMaxMs":${LEASE_MAX},"staleMs":${STALE}} 0`,
    `1 register {"instance":"i","lease":${leased}} = ${lease} @s ${span(register)}`,
    ...(leased ? renewals : []).map(
      (one, i) => `${i + 10} renew {"instance":"i","beat":${i + 1}} = ${lease} @s ${span(one)}`,
    ),
    ...(end === undefined ? [] : [`2 deregister {"instance":"i"} = {} @s ${span(end)}`]),
    `3 lookup = ${isListed ? '["i"]' : "[]"} @s on n1 ${lookup.from}..${lookup.from + lookup.lasts}`,
  ];
  return registry.check(timeline(lines.join("\n"))).valid === false;
}

describe("the checker of registries and every possible world", () => {
  it("agree on lives that nobody renews", () => {
    fc.assert(
      fc.property(storyWith(0, fc.boolean()), (story) => {
        // A registration of unknown outcome may come at any time, but only so late here.
        expect(isFlagged(story)).toBe(!isExplained(story));
      }),
      { numRuns: 400 },
    );
  });

  it("agree that an anomaly is one where leases are renewed", () => {
    fc.assert(
      fc.property(storyWith(2, fc.constant(true)), (story) => {
        if (isFlagged(story)) expect(isExplained(story)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
