/**
 * Moments that should happen sometimes, and those that a campaign may expect.
 *
 * Systems, faults and clients count them while a run goes on (`sometimes` of Antithesis, `probe`
 * here). What is declared and never happened in a whole campaign is a hole in the test: a branch that
 * nothing reaches, or a fault that hits nobody.
 */

import { nemeses } from "../../nemeses/index.js";
import type { System } from "../../systems/index.js";
import type { FaultKind } from "../plan/fault.js";

/** A fault of the kind was laid over the world. */
export function faultProbe(kind: string): string {
  return `fault: ${kind}`;
}

/** An operation was completed while a fault of the kind lay over the world. */
export function duringProbe(kind: string): string {
  return `operation during ${kind}`;
}

/** An operation ended unknown while a fault of the kind lay over the world. */
export function unknownDuringProbe(kind: string): string {
  return `operation unknown during ${kind}`;
}

/**
 * What a campaign of these systems under these nemeses may expect to happen, each name once, sorted.
 * @param systems undefined for an external program, which declares nothing.
 * @param supported the kinds of fault that the systems' hosts can apply.
 */
export function expectedProbes(
  systems: Iterable<System | undefined>,
  nemesisNames: Iterable<string>,
  supported: readonly FaultKind[],
): string[] {
  const names = new Set<string>();
  for (const system of systems) for (const name of system?.probes ?? []) names.add(name);
  for (const kind of kindsOf(nemesisNames, supported)) {
    names.add(faultProbe(kind));
    names.add(duringProbe(kind));
  }
  return [...names].sort();
}

/** The kinds of fault that these nemeses make; of a swarm's members those that the host can apply. */
function kindsOf(
  nemesisNames: Iterable<string>,
  supported: readonly FaultKind[],
): ReadonlySet<FaultKind> {
  const kinds = new Set<FaultKind>();
  for (const name of nemesisNames) {
    const makers =
      name === "swarm"
        ? [...nemeses.values()].filter(
            (nemesis) =>
              nemesis.swarmOdds !== undefined &&
              nemesis.kinds.every((kind) => supported.includes(kind)),
          )
        : [nemeses.get(name)];
    for (const nemesis of makers) for (const kind of nemesis?.kinds ?? []) kinds.add(kind);
  }
  return kinds;
}
