/** Registers, and the keys of key-value stores. */

import type { Json } from "../../../src/base/json.js";
import { show } from "../../describe.js";
import { casChains } from "../algorithms/cas-chains.js";
import { kvChains } from "../algorithms/kv-chains.js";
import { registerZones } from "../algorithms/register-zones.js";
import { nameKvViolation } from "../anomalies/kv.js";
import { nameRegisterViolation } from "../anomalies/register.js";
import { kv } from "../models/kv.js";
import { register } from "../models/register.js";
import { describeType, type ObjectType } from "../object-type.js";
import { kvObject, registerObject } from "../sequential/register.js";

const aliases = { get: "read", put: "write" };
const reads = ["read"];

export const registers: readonly ObjectType[] = [
  describeType({
    summary: "one value per key: read, write",
    functions: ["read", "write"],
    aliases,
    reads,
    model: register,
    object: registerObject,
    algorithms: [registerZones],
    nameViolation: nameRegisterViolation,
  }),
  describeType({
    summary: "one value per key: read, write, cas [from, to]",
    functions: ["read", "write", "cas"],
    aliases,
    reads,
    refuse: refuseCas,
    model: { ...register, name: "cas-register" },
    object: registerObject,
    algorithms: [registerZones, casChains],
    nameViolation: nameRegisterViolation,
  }),
  describeType({
    summary: "a key-value store: read or get, write or put, cas, append to a string",
    functions: ["read", "write", "cas", "append"],
    aliases,
    reads,
    refuse: refuseText,
    model: kv,
    object: kvObject,
    algorithms: [kvChains],
    nameViolation: nameKvViolation,
  }),
];

function refuseCas(f: string, input: Json): string | undefined {
  if (f !== "cas" || (Array.isArray(input) && input.length === 2)) return undefined;
  return `cas takes [from, to], got ${show(input)}`;
}

function refuseText(f: string, input: Json): string | undefined {
  if (f !== "append" || typeof input === "string") return refuseCas(f, input);
  return `append takes a string, got ${show(input)}`;
}
