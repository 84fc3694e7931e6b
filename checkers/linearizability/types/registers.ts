/** Registers, and the keys of key-value stores. */

import { NULL_ID } from "../../../histories/values.js";
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
import type { ObjectView } from "../view.js";

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
    refuseObject: refuseMixedTexts,
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

const APPEND = 3;
const CAS = 2;
const READ = 0;

/** Appends make sense among strings only. */
function refuseMixedTexts(view: ObjectView): { operation: number; reason: string } | undefined {
  const { size, f, input, values, init } = view;
  const operation = f.indexOf(APPEND);
  if (operation === -1) return undefined;
  const isText = (id: number): boolean => id === NULL_ID || typeof values.value(id) === "string";
  if (!isText(init)) {
    const start = show(values.value(init));
    return { operation, reason: `append to a key that starts as ${start}: start with a string` };
  }
  for (let i = 0; i < size; i++) {
    if (f[i] === READ || f[i] === APPEND) continue;
    const written = f[i] === CAS ? values.elements(input[i]!)[1]! : input[i]!;
    if (isText(written)) continue;
    const what = show(values.value(written));
    return { operation: i, reason: `puts ${what} to a key that is appended to: write strings` };
  }
  return undefined;
}
