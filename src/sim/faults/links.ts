/** Link faults as rules of the network: which links they cover, and what they make of these. */

import type { LinkFault } from "../../plan/fault.js";
import { Priorities } from "../chains.js";
import { Clog, Hold } from "../holdings.js";
import type { Endpoint, LinkConditions, LinkRule } from "../link.js";
import type { SimProbe } from "../probes.js";
import type { Warden } from "../warden.js";
import type { SimulatedWorld } from "../world.js";
import { bothNodes } from "./partitions.js";

/** Breaks the connections of these links at once: there is nothing to lift. */
export function resetLinks(world: SimulatedWorld, fault: LinkFault): () => void {
  world.network.reset(covering(fault));
  return () => undefined;
}

/** The rule that a link fault lays over the network. */
export function linkRule(world: SimulatedWorld, fault: LinkFault): LinkRule {
  return {
    covers: covering(fault),
    change: (conditions) => worsen(conditions, fault),
    ...wardenOf(fault, (name) => world.listener.probe(name)),
  };
}

function covering(fault: LinkFault): LinkRule["covers"] {
  const named = (names: string[] | undefined, endpoint: Endpoint): boolean =>
    names === undefined || endpoint.kind !== "node" || names.includes(endpoint.name);
  return (src, dest) =>
    (fault.clients === true || bothNodes(src, dest)) &&
    named(fault.from, src) &&
    named(fault.to, dest);
}

/** Who decides on the messages of a fault that does not treat them all alike. */
function wardenOf(fault: LinkFault, probe: (name: SimProbe) => void): { warden?: Warden } {
  switch (fault.kind) {
    case "clog":
      return { warden: new Clog(probe) };
    case "hold":
      return { warden: new Hold(fault, probe) };
    case "priorities":
      return { warden: new Priorities(fault, probe) };
    default:
      return {};
  }
}

/** Faults of one kind on one link add up as the worst of them, delays as their sum. */
function worsen(conditions: LinkConditions, fault: LinkFault): void {
  switch (fault.kind) {
    case "delay":
      conditions.delayUs += fault.delayUs;
      conditions.jitterUs += fault.jitterUs;
      break;
    case "loss":
      conditions.lossPpm = Math.max(conditions.lossPpm, fault.ppm);
      break;
    case "duplicate":
      conditions.duplicatePpm = Math.max(conditions.duplicatePpm, fault.ppm);
      break;
    case "reorder":
      conditions.reorderPpm = Math.max(conditions.reorderPpm, fault.ppm);
      conditions.reorderUs = Math.max(conditions.reorderUs, fault.byUs);
      break;
    case "corrupt":
      conditions.corruptPpm = Math.max(conditions.corruptPpm, fault.ppm);
      break;
    case "bandwidth":
      conditions.bytesPerSecond =
        conditions.bytesPerSecond === 0
          ? fault.bytesPerSecond
          : Math.min(conditions.bytesPerSecond, fault.bytesPerSecond);
      break;
  }
}
