/**
 * Where the threads of a litmus test may live: which of them share a node.
 *
 * Nodes are interchangeable, and so are threads where the test does not tell them apart (the two of
 * SB, each other's mirror image with x and y exchanged). Of placements that are the same but for that
 * one is kept. Without symmetric threads, of t threads on n nodes: the partitions of t into at most n
 * parts.
 */

import type { Step } from "../../../checkers/litmus/instances/index.js";
import { threadsOf } from "../../../checkers/litmus/instances/index.js";
import type { LitmusTest } from "../../../checkers/litmus/program.js";

/** Per thread its part; parts are numbered as they come. */
export type Placement = readonly number[];

/** From all together to all apart, as far as the nodes go. O(partitions x symmetries). */
export function placementsOf(test: LitmusTest, nodes: number): Placement[] {
  const symmetries = symmetriesOf(test);
  const partitions = partitionsOf(test.threads.length, nodes);
  const least = (placement: Placement): boolean =>
    symmetries.every((permutation) => {
      const other = numbered(permutation.map((thread) => placement[thread] as number));
      return compare(placement, other) <= 0;
    });
  return partitions.filter(least).sort((a, b) => parts(a) - parts(b) || compare(a, b));
}

/** Permutations of threads under which the test stays what it is, but for the names of locations. */
export function symmetriesOf(test: LitmusTest): number[][] {
  const threads = threadsOf(test).map(({ steps }) => steps);
  return permutationsOf(threads.length).filter((permutation) => {
    const names = new Map<number, number>();
    return threads.every((steps, thread) => {
      const image = threads[permutation[thread] as number] as readonly Step[];
      return (
        steps.length === image.length &&
        steps.every((step, i) => isSame(step, image[i] as Step, names, test))
      );
    });
  });
}

/** Is the step the other one, its location renamed? Fixes names on the way. */
function isSame(
  step: Step,
  image: Step,
  names: Map<number, number>,
  { initial }: LitmusTest,
): boolean {
  if (step.f === "fence" || image.f === "fence") return step.f === image.f;
  const { location, ...rest } = step;
  const { location: renamed, ...other } = image;
  const known = names.get(location);
  if (known === undefined) {
    if ([...names.values()].includes(renamed) || initial[location] !== initial[renamed]) {
      return false;
    }
    names.set(location, renamed);
  } else if (known !== renamed) return false;
  return JSON.stringify(rest) === JSON.stringify(other);
}

/** Restricted growth strings: each part's number is at most one above those before it. */
function partitionsOf(threads: number, parts: number): Placement[] {
  let result: number[][] = [[]];
  for (let thread = 0; thread < threads; thread++) {
    result = result.flatMap((placement) => {
      const next = Math.max(-1, ...placement) + 1;
      const choices = Math.min(parts, next + 1);
      return Array.from({ length: choices }, (_, part) => [...placement, part]);
    });
  }
  return result;
}

function permutationsOf(count: number): number[][] {
  if (count === 0) return [[]];
  return permutationsOf(count - 1).flatMap((shorter) =>
    Array.from({ length: count }, (_, at) => [
      ...shorter.slice(0, at),
      count - 1,
      ...shorter.slice(at),
    ]),
  );
}

/** The same partition, its parts numbered as they come. */
function numbered(placement: Placement): Placement {
  const numbers = new Map<number, number>();
  return placement.map((part) => {
    const number = numbers.get(part) ?? numbers.size;
    numbers.set(part, number);
    return number;
  });
}

function parts(placement: Placement): number {
  return new Set(placement).size;
}

function compare(a: Placement, b: Placement): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
}
