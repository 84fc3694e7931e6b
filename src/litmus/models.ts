/** The memory models of litmus tests: by which names they are called, and who enumerates them. */

import { modelEntries } from "../../checkers/lattice/models.js";
import { axiomatic } from "../../checkers/litmus/axiomatic/index.js";
import { pso, sc, tso } from "../../checkers/litmus/operational/index.js";
import { type Enumerate, type LitmusModel, litmusModels } from "../../checkers/litmus/program.js";

/** Machines where there are some: they are the fastest. */
export const enumerators: Readonly<Record<LitmusModel, Enumerate>> = {
  sc,
  tso,
  pso,
  coherence: axiomatic("coherence"),
  "causal-convergence": axiomatic("causal-convergence"),
};

/** How tables of expected verdicts call them, apart from their names here. */
export const shortNames: Readonly<Record<LitmusModel, string>> = {
  sc: "sc",
  tso: "tso",
  pso: "pso",
  coherence: "coh",
  "causal-convergence": "sra",
};

/** The model of a name, of a short one, or of an alias in the lattice, whatever the case. */
export function litmusModel(text: string): LitmusModel | undefined {
  const name = text.toLowerCase();
  const entry = modelEntries.find((one) =>
    [one.name, ...one.aliases].some((known) => known.toLowerCase() === name),
  );
  return litmusModels.find(
    (model) =>
      model === name ||
      shortNames[model] === name ||
      entry?.name === model ||
      (model === "sc" && entry?.name === "sequential"),
  );
}
