/** What clients ask of a registry, and what they are told. */

import type { JsonObject } from "../../src/base/json.js";
import { errorCodes, Refusal } from "../../src/hosts/ts/node.js";

/** One life of an instance: names are never used again, so that an end is an end. */
export interface LifeName {
  service: string;
  instance: string;
}

const changes: readonly unknown[] = ["register", "renew", "deregister"];

/** Whether it asks for a change of a life. @throws Refusal for what no registry offers. */
export function isChange({ type, service, instance }: JsonObject): boolean {
  if (typeof service === "string") {
    if (type === "lookup") return false;
    if (changes.includes(type) && typeof instance === "string") return true;
  }
  throw new Refusal(errorCodes.notSupported, `no operation "${String(type)}" like this here`);
}

export function lifeNameOf({ service, instance }: JsonObject): LifeName {
  return { service: String(service), instance: String(instance) };
}

/** The same for the same life only. */
export function lifeKey({ service, instance }: LifeName): string {
  return JSON.stringify([service, instance]);
}

export function lookupReply(instances: Iterable<string>): JsonObject {
  return { type: "lookup_ok", instances: [...instances].sort() };
}
