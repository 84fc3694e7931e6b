/**
 * Moments that should happen sometimes, and those that a campaign may expect.
 *
 * Systems, faults and clients count them while a run goes on (`sometimes` of Antithesis, `probe`
 * here). What is declared and never happened in a whole campaign is a hole in the test: a branch that
 * nothing reaches, or a fault that hits nobody.
 */

import { kindsMade, nemeses } from "../../nemeses/index.js";
import type { System } from "../../systems/index.js";
import type { FaultKind } from "../plan/fault.js";
import { type SimProbe, simProbes } from "../sim/probes.js";

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
  systems: readonly (System | undefined)[],
  nemesisNames: Iterable<string>,
  supported: readonly FaultKind[],
): string[] {
  const names = new Set<string>();
  for (const system of systems) for (const name of system?.probes ?? []) names.add(name);
  const kinds = kindsOf(nemesisNames, supported);
  for (const kind of kinds) {
    names.add(faultProbe(kind));
    // A reset is over as soon as it begins.
    if (kind !== "reset") names.add(duringProbe(kind));
  }
  const own = [...systems].filter((system) => system !== undefined);
  const traits = {
    leads: own.some(({ invariants }) => invariants.includes("election-safety")),
    hasDisk: own.length > 0,
  };
  for (const name of simProbes) {
    const { after, given } = causes[name];
    if (given !== undefined && !traits[given]) continue;
    if (after.some((kind) => kinds.has(kind))) names.add(name);
  }
  return [...names].sort();
}

/** Which faults bring about what the simulated world counts, and of what systems. */
const causes: {
  readonly [name in SimProbe]: {
    after: readonly FaultKind[];
    /** `leads`: nodes say that they lead; `hasDisk`: their disks are ours. */
    given?: "leads" | "hasDisk";
  };
} = {
  "a chain of messages fell below all others": { after: ["priorities"] },
  "a clock that stood still kept timers back": { after: ["clock-freeze"] },
  "a clog let go what had piled up": { after: ["clog"] },
  "a crash kept writes that were not synced": { after: ["crash"], given: "hasDisk" },
  "a crash left a write half done": { after: ["torn-write"], given: "hasDisk" },
  "a crash lost unsynced writes": { after: ["crash"], given: "hasDisk" },
  "a disk failed to read": { after: ["read-error"], given: "hasDisk" },
  "a disk had no room": { after: ["disk-full"], given: "hasDisk" },
  "a fault hit the leader": { after: ["crash", "pause", "clock-step"], given: "leads" },
  "a message came to a node that was down": { after: ["crash"] },
  "a message left its order": { after: ["reorder"] },
  "a message was altered on its way": { after: ["corrupt"] },
  "a message was cut off on arrival": { after: ["partition"] },
  "a message was delivered twice": { after: ["duplicate"] },
  "a message was held while others overtook it": { after: ["hold"] },
  "a mute node said nothing": { after: ["mute"] },
  "a node lied": { after: ["lie"] },
  "a node said one thing to some and another to others": { after: ["equivocate"] },
  "a node was removed": { after: ["leave"] },
  "a node was taken in": { after: ["leave", "join"] },
  "a pause held something back": { after: ["pause"] },
  "a reset took what was under way": { after: ["reset"] },
  "a slow node let something wait": { after: ["slow"] },
  "a wall clock was turned all the way": { after: ["clock-slew", "clock-leap"] },
  "a wipe took what was durable": { after: ["wipe"], given: "hasDisk" },
  "an fsync made nothing durable": { after: ["lost-fsync"], given: "hasDisk" },
  "an fsync took longer than usual": { after: ["slow-disk"], given: "hasDisk" },
  "leader isolated": { after: ["partition"], given: "leads" },
  "something damaged was read from a disk": {
    after: ["bit-rot", "misdirected-write"],
    given: "hasDisk",
  },
};

/** The kinds of fault that these nemeses make here; of a swarm's members those that can do anything. */
function kindsOf(
  nemesisNames: Iterable<string>,
  supported: readonly FaultKind[],
): ReadonlySet<FaultKind> {
  const kinds = new Set<FaultKind>();
  const here = new Set(supported);
  for (const name of nemesisNames) {
    const makers =
      name === "swarm"
        ? [...nemeses.values()].filter(({ swarmOdds }) => swarmOdds !== undefined)
        : (nemeses.get(name)?.standsFor ?? [nemeses.get(name)]);
    for (const nemesis of makers) {
      const made = nemesis === undefined ? [] : (kindsMade(nemesis, here) ?? []);
      for (const kind of made) kinds.add(kind);
    }
  }
  return kinds;
}
