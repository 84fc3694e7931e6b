/** The deterministic kernel and its world, for those who build on them directly. */

export { NodeClock } from "./clock.js";
export { type Disk, SimulatedDisk } from "./disk.js";
export type { Exactness, Host, HostFactory, HostKind, Machine, Misconduct } from "./host.js";
export { apply, simulatedFaultKinds } from "./inject.js";
export { type EventKind, Kernel, type KernelOptions, type VirtualTime } from "./kernel.js";
export type { WorldListener } from "./machine-world.js";
export type { Message } from "./message.js";
export { type LinkConditions, Network, quietLink } from "./network.js";
export { type SimProbe, simProbes } from "./probes.js";
export { Recorder, TraceHash, type TraceRecord } from "./trace.js";
export { EPOCH_US, SimulatedWorld, type WorldOptions } from "./world.js";
