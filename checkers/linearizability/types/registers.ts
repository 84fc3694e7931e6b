/** Registers, and the keys of key-value stores. */

import type { Json } from "../../../src/base/json.js";
import { show } from "../../describe.js";
import type { Algorithm, Finding } from "../algorithm.js";
import { casChains } from "../algorithms/cas-chains.js";
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
    algorithms: [casChains],
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
    algorithms: [withoutAppends(casChains)],
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
const READ = 0;

/**
 * A key that nobody appends to is a register, where a read of "" may mean that there is nothing: it
 * does when nobody writes "".
 */
function withoutAppends(algorithm: Algorithm): Algorithm {
  return {
    ...algorithm,
    examine(view): Finding {
      const plain = asRegister(view);
      if (plain !== undefined) return algorithm.examine(plain);
      return { valid: "not-applicable", why: 'there are appends, or writes of ""' };
    },
    linearize: (view) => algorithm.linearize(asRegister(view) ?? view),
  };
}

function asRegister(view: ObjectView): ObjectView | undefined {
  const { f, input, values, init } = view;
  if (f.includes(APPEND)) return undefined;
  const empty = values.find("");
  if (empty === undefined) return view;
  if (init === empty) return undefined;
  for (let i = 0; i < view.size; i++) {
    if (f[i] === READ) continue;
    if (input[i] === empty || values.elements(input[i]!).includes(empty)) return undefined;
  }
  const nothing = values.id(null);
  return { ...view, output: view.output.map((id) => (id === empty ? nothing : id)) };
}
