/** Tiny histories of accesses, most of them broken: what the deciders are held against enumeration on. */

import {
  type Accesses,
  INITIAL,
  kinds,
  NO_LOCATION,
} from "../../../../checkers/memory/accesses.js";

export interface Shape {
  sessions: number;
  keys: number;
  size: number;
  updatesPercent: number;
}

/** One access of a notation: a source is the place of a write, counted through the sessions. */
export interface Access {
  kind: keyof typeof kinds;
  key?: number;
  source?: number;
  group?: number;
}

export function accessesOf(sessions: readonly (readonly Access[])[], keys: number): Accesses {
  const all = sessions.flatMap((accesses, session) =>
    accesses.map((access) => ({ ...access, session })),
  );
  const starts = new Int32Array(sessions.length + 1);
  sessions.forEach((accesses, s) => {
    starts[s + 1] = starts[s]! + accesses.length;
  });
  const isGrouped = all.some(({ group }) => group !== undefined);
  return {
    size: all.length,
    sessions: sessions.length,
    keys,
    starts,
    session: Int32Array.from(all, ({ session }) => session),
    kind: Uint8Array.from(all, ({ kind }) => kinds[kind]),
    key: Int32Array.from(all, ({ key }) => key ?? NO_LOCATION),
    source: Int32Array.from(all, ({ source }) => source ?? INITIAL),
    completed: Int32Array.from(all, (_, a) => a),
    operation: Int32Array.from(all, (_, a) => a),
    ...(isGrouped ? { group: Int32Array.from(all, ({ group }, a) => group ?? a) } : {}),
  };
}

/** `below(n)` draws from 0 to n - 1. */
export function randomAccesses(below: (n: number) => number, shape: Shape): Accesses {
  const sessions: Access[][] = Array.from({ length: shape.sessions }, () => []);
  for (let i = 0; i < shape.size; i++) {
    const isUpdate = below(100) < shape.updatesPercent;
    const kind = isUpdate
      ? "update"
      : below(20) === 0
        ? "fence"
        : below(2) === 0
          ? "read"
          : "write";
    const access: Access = kind === "fence" ? { kind } : { kind, key: below(shape.keys) };
    sessions[below(shape.sessions)]!.push(access);
  }
  const flat = sessions.flat();
  for (const access of flat) {
    if (access.kind !== "read" && access.kind !== "update") continue;
    const candidates = flat.flatMap((other, a) =>
      (other.kind === "write" || other.kind === "update") && other.key === access.key ? [a] : [],
    );
    access.source = [INITIAL, ...candidates][below(candidates.length + 1)]!;
  }
  return accessesOf(sessions, shape.keys);
}
