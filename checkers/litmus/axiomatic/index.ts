/** Litmus tests by axioms: the final states of a test under any of the five models. */

import type { Enumerate, LitmusModel } from "../program.js";
import { axiomsOf } from "./axioms.js";
import { enumerateUnder } from "./enumerate.js";

export function axiomatic(model: LitmusModel): Enumerate {
  return enumerateUnder(axiomsOf[model]);
}
