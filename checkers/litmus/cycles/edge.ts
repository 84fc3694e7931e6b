/**
 * The edges that cycles of litmus tests are made of, in the notation of diy (J. Alglave, L. Maranget,
 * S. Sarkar, P. Sewell, Fences in Weak Memory Models, CAV 2010).
 *
 * Within a thread: `PodWR`, a write, then in program order a read of a different location; `PosWR` the same
 * location; `MFencedWR` and `MFencesWR` with a fence between; `Rmw`, one exchange; `Rfi`, `Fri`, `Coi`
 * communication with itself. Between threads: `Rfe`, a write and a read of it; `Fre`, a read and a write
 * that replaced what it read; `Coe`, a write and a later one (`Ws` in older files).
 */

import { UsageError } from "../../../src/base/errors.js";

export type Direction = "R" | "W";

export const programRelations = ["Pod", "Pos", "MFenced", "MFences"] as const;
export type ProgramRelation = (typeof programRelations)[number];
export type FixedRelation = "Rmw" | "Rfi" | "Fri" | "Coi" | "Rfe" | "Fre" | "Coe";

export interface Edge {
  readonly relation: ProgramRelation | FixedRelation;
  readonly from: Direction;
  readonly to: Direction;
}

const fixed: Readonly<Record<FixedRelation, Edge>> = {
  Rmw: { relation: "Rmw", from: "R", to: "W" },
  Rfi: { relation: "Rfi", from: "W", to: "R" },
  Fri: { relation: "Fri", from: "R", to: "W" },
  Coi: { relation: "Coi", from: "W", to: "W" },
  Rfe: { relation: "Rfe", from: "W", to: "R" },
  Fre: { relation: "Fre", from: "R", to: "W" },
  Coe: { relation: "Coe", from: "W", to: "W" },
};

export function edge(relation: FixedRelation): Edge {
  return fixed[relation];
}

export function programEdge(relation: ProgramRelation, from: Direction, to: Direction): Edge {
  return { relation, from, to };
}

export function isExternal({ relation }: Edge): boolean {
  return relation === "Rfe" || relation === "Fre" || relation === "Coe";
}

export function isFenced({ relation }: Edge): boolean {
  return relation === "MFenced" || relation === "MFences";
}

export function changesLocation({ relation }: Edge): boolean {
  return relation === "Pod" || relation === "MFenced";
}

export function spellEdge({ relation, from, to }: Edge): string {
  return relation in fixed ? relation : `${relation}${from}${to}`;
}

/** Throws UsageError for what is no edge of this alphabet. */
export function parseEdge(text: string): Edge {
  const name = text.replace(/^Ws(?=[ei]$)/, "Co");
  if (Object.hasOwn(fixed, name)) return fixed[name as FixedRelation];
  const parts = /^(Pod|Pos|MFenced|MFences)([RW])([RW])$/.exec(name);
  if (parts === null) {
    throw new UsageError(
      `edge ${JSON.stringify(text)}: use PodWR, PosWR, MFencedWR, MFencesWR (any of R and W), Rmw, Rfe, Rfi, Fre, Fri, Coe or Coi`,
    );
  }
  const [, relation, from, to] = parts;
  return programEdge(relation as ProgramRelation, from as Direction, to as Direction);
}
