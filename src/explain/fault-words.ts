/** A fault as a sentence: what befalls whom, and from when to when. */

import type {
  ByzantineFault,
  ClockFault,
  DiskFault,
  Fault,
  LinkFault,
  Moment,
  Partition,
} from "../plan/fault.js";
import type { Struck } from "./targets.js";
import { duration, list, seconds, span } from "./words.js";

/** "n3, the leader, is cut off from all others from 1.2 s to 3.4 s" */
export function faultWords(fault: Fault, struck: Struck, nodes: readonly string[]): string {
  const whom = nameOf(struck);
  const { atUs, untilUs } = struck;
  if (atUs === null) {
    const waits = fault.on === undefined ? "" : `, which waits for ${momentWords(fault.on)},`;
    return `a ${fault.kind}${waits} never begins in this run`;
  }
  const when =
    untilUs === null
      ? `from ${seconds(atUs)} on`
      : untilUs === atUs
        ? `at ${seconds(atUs)}, for no time`
        : span(atUs, untilUs);
  const waited = fault.on === undefined ? "" : ` (it waited for ${momentWords(fault.on)})`;
  return `${happening(fault, whom, nodes)} ${when}${waited}`;
}

function nameOf({ node, led }: Struck): string {
  return led ? `${node}, the leader,` : (node ?? "a node");
}

function happening(fault: Fault, whom: string, nodes: readonly string[]): string {
  switch (fault.kind) {
    case "partition":
      return separation(fault, whom, nodes);
    case "crash":
      return `${whom} is down (crash, then restart)`;
    case "pause":
      return `${whom} is paused`;
    case "wipe":
      return `${whom} is down (crash, then restart with an empty disk)`;
    case "slow":
      return `${whom} takes ${duration(fault.costUs)} for each thing that it does`;
    case "leave":
      return `${whom} is taken out of the cluster${fault.wipe === true ? ", loses its disk" : ""} and taken in again`;
    case "join":
      return `${whom} is not there, and joins then,`;
    case "lost-fsync":
    case "torn-write":
    case "bit-rot":
    case "misdirected-write":
    case "read-error":
    case "disk-full":
    case "slow-disk":
      return diskTrouble(fault, whom);
    case "equivocate":
    case "lie":
    case "mute":
      return betrayal(fault, whom);
    case "clock-step":
    case "clock-rate":
    case "clock-strobe":
    case "clock-slew":
    case "clock-freeze":
    case "clock-leap":
      return clockTrouble(fault, whom);
    default:
      return disturbance(fault);
  }
}

function diskTrouble(fault: DiskFault, whom: string): string {
  switch (fault.kind) {
    case "lost-fsync":
      return `what ${whom} syncs is not durable`;
    case "torn-write":
      return `a crash of ${whom} leaves a write half done`;
    case "bit-rot":
      return `${percent(fault.ppm)} of what is on the disk of ${whom} reads as something else`;
    case "misdirected-write":
      return `the ${ordinal(fault.nth)} write of ${whom} lands where something else lives`;
    case "read-error":
      return `${percent(fault.ppm)} of what ${whom} reads from its disk fails (EIO)`;
    case "disk-full":
      return `the disk of ${whom} is full (ENOSPC)`;
    case "slow-disk":
      return `each fsync of ${whom} takes ${duration(fault.addUs)} longer`;
  }
}

function betrayal(fault: ByzantineFault, whom: string): string {
  const others = fault.clients === true ? " (clients included)" : "";
  switch (fault.kind) {
    case "equivocate":
      return `${whom} tells some one thing and others another in ${percent(fault.ppm)} of what it sends${others}`;
    case "lie":
      return `${whom} lies in ${percent(fault.ppm)} of what it sends${others}`;
    case "mute":
      return `${whom} sends nothing${fault.to === undefined ? "" : ` to ${list(fault.to)}`}${others}`;
  }
}

function clockTrouble(fault: ClockFault, whom: string): string {
  switch (fault.kind) {
    case "clock-step":
      return `the wall clock of ${whom} is ${duration(Math.abs(fault.byUs))} ${fault.byUs < 0 ? "behind" : "ahead"}`;
    case "clock-rate":
      return `the clock of ${whom} runs ${percent(Math.abs(fault.ppm))} too ${fault.ppm < 0 ? "slowly" : "fast"}`;
    case "clock-strobe":
      return `the wall clock of ${whom} jumps ${duration(fault.byUs)} to and fro every ${duration(fault.periodUs)}`;
    case "clock-slew": {
      const change = fault.byUs < 0 ? "loses" : "gains";
      return `the wall clock of ${whom} ${change} ${duration(Math.abs(fault.byUs))} bit by bit (${percent(fault.ppm)})`;
    }
    case "clock-freeze":
      return `the clock of ${whom} stands still`;
    case "clock-leap":
      return fault.smearUs === undefined
        ? `the wall clock of ${whom} repeats a second, and is a second behind`
        : `the wall clock of ${whom} loses a second over ${duration(fault.smearUs)}`;
  }
}

function separation(partition: Partition, whom: string, nodes: readonly string[]): string {
  if ("isolate" in partition) {
    const { direction } = partition;
    if (direction === "in") return `${whom} hears nothing from all others`;
    if (direction === "out") return `${whom} is not heard by all others`;
    return `${whom} is cut off from all others`;
  }
  if ("pairs" in partition) {
    const cuts = partition.pairs.map(([from, to]) => `${from} to ${to}`);
    return `nothing gets through from ${list(cuts)}`;
  }
  const apart = partition.groups.filter((group) => group.length > 0);
  const placed = new Set(apart.flat());
  const bridge = nodes.filter((node) => !placed.has(node));
  const reached =
    bridge.length === 0 ? "" : ` (${list(bridge)} reach${bridge.length === 1 ? "es" : ""} all)`;
  return `${apart.map(list).join(" | ")} are cut off from each other${reached}`;
}

function disturbance(fault: LinkFault): string {
  const where = links(fault);
  switch (fault.kind) {
    case "delay":
      return fault.jitterUs === 0
        ? `${where} is ${duration(fault.delayUs)} late`
        : `${where} is ${duration(fault.delayUs)} late, and ${duration(fault.jitterUs)} more on average,`;
    case "loss":
      return `${percent(fault.ppm)} of ${where} is lost`;
    case "duplicate":
      return `${percent(fault.ppm)} of ${where} arrives twice`;
    case "reorder":
      return `${percent(fault.ppm)} of ${where} is overtaken, being about ${duration(fault.byUs)} late,`;
    case "bandwidth":
      return `${where} is squeezed through ${fault.bytesPerSecond} bytes a second`;
    case "corrupt":
      return `${percent(fault.ppm)} of ${where} arrives altered`;
    case "reset":
      return `${where} and is still under way is lost`;
    case "clog":
      return `${where} is kept back and released in the end, if sent`;
    case "hold": {
      const what = fault.type === undefined ? "message" : `"${fault.type}"`;
      return `the ${ordinal(fault.nth)} ${what} of ${where} is held back, if sent`;
    }
    case "priorities":
      return `${where} is delivered by the priority of its chain (${fault.levels} levels of ${duration(fault.stepUs)})`;
  }
}

/** "what n1 sends to n2 and n3" */
function links({ from, to, clients }: LinkFault): string {
  const others = clients === true ? " (clients included)" : "";
  if (from === undefined && to === undefined) return `what nodes send to each other${others}`;
  return `what ${from === undefined ? "nodes" : list(from)} send${from?.length === 1 ? "s" : ""}${
    to === undefined ? "" : ` to ${list(to)}`
  }${others}`;
}

function momentWords(moment: Moment): string {
  if (moment.moment === "leader") return `the ${ordinal(moment.nth)} election of a leader`;
  const edge = moment.edge === "before" ? "just before" : "right after";
  return `the moment ${edge} the ${ordinal(moment.nth)} answer to a client`;
}

export function ordinal(n: number): string {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return `${n}th`;
  return `${n}${["th", "st", "nd", "rd"][n % 10] ?? "th"}`;
}

function percent(ppm: number): string {
  return `${Number((ppm / 10_000).toFixed(2))} %`;
}
