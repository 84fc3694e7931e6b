/**
 * Services beside the nodes, reachable by name: Maelstrom's, so that programs may build on them.
 *
 * A service answers one request at a time, in memory, and never fails. Its network endpoint sees
 * latency; faults reach it only when they are said to reach clients and services too.
 */

import type { JsonObject } from "../../../base/json.js";
import type { Random } from "../../../random/random.js";
import type { Kernel } from "../../../sim/kernel.js";
import type { Endpoint, Network } from "../../../sim/network.js";

export interface Service {
  /** The body of the reply to a request from `src`; `in_reply_to` is added. */
  handle(src: string, request: JsonObject): JsonObject;
}

export interface ServiceKind {
  name: string;
  summary: string;
  create(random: Random): Service;
}

export function serviceError(code: number, text: string): JsonObject {
  return { type: "error", code, text };
}

export function notSupported(request: JsonObject): JsonObject {
  return serviceError(10, `this service has no "${String(request["type"])}"`);
}

/** Puts a service on the network under its name. */
export function attachService(kind: ServiceKind, kernel: Kernel, network: Network): void {
  const stream = `service/${kind.name}`;
  const service = kind.create(kernel.draws.open(stream, stream));
  const endpoint: Endpoint = {
    name: kind.name,
    kind: "service",
    streamName: kind.name,
    receive: ({ src, body }) => {
      const reply = service.handle(src, body);
      const id = body["msg_id"];
      network.send(kind.name, src, id === undefined ? reply : { ...reply, in_reply_to: id });
    },
  };
  network.attach(endpoint);
}
