/** Small histories in the form that deciders take, at random: any read of any write of its key. */

import {
  type Accesses,
  INITIAL,
  isWrite,
  type KeyOrders,
  kinds,
} from "../../../../checkers/memory/accesses.js";
import type { Random } from "../../../../src/random/random.js";

export interface Limits {
  accessesMax: number;
  sessionsMax: number;
  keysMax: number;
  /** In tenths. */
  updates: number;
  /** How often, in tenths, the source of a read is a write that comes earlier in the listing by turns. */
  plausible?: number;
}

export interface Drafted {
  kind: number;
  key: number;
  /** Place in the listing of the source, INITIAL or THIN_AIR. */
  source: number;
}

/** Sessions one after the other; sources count through them. */
export function accessesOf(sessions: readonly (readonly Drafted[])[]): Accesses {
  const all = sessions.flat();
  const starts = [0];
  for (const session of sessions) starts.push(starts.at(-1)! + session.length);
  return {
    size: all.length,
    sessions: sessions.length,
    keys: Math.max(0, ...all.map(({ key }) => key + 1)),
    starts: Int32Array.from(starts),
    session: Int32Array.from(sessions.flatMap((session, s) => session.map(() => s))),
    kind: Uint8Array.from(all, ({ kind }) => kind),
    key: Int32Array.from(all, ({ key }) => key),
    source: Int32Array.from(all, ({ source }) => source),
    completed: Int32Array.from(all, (_, at) => at),
    operation: Int32Array.from(all, (_, at) => at),
  };
}

export function smallAccesses(random: Random, limits: Limits): Accesses {
  const size = random.between(Math.ceil(limits.accessesMax / 2), limits.accessesMax);
  const sessions: Drafted[][] = Array.from(
    { length: random.between(1, limits.sessionsMax) },
    () => [],
  );
  const keys = random.between(1, limits.keysMax);
  const writesMore = random.between(3, 7);
  const turns: Drafted[] = [];
  for (let i = 0; i < size; i++) {
    const kind = random.chance(limits.updates, 10)
      ? kinds.update
      : random.chance(1, 30)
        ? kinds.fence
        : random.chance(writesMore, 10)
          ? kinds.write
          : kinds.read;
    const drafted = { kind, key: kind === kinds.fence ? -1 : random.int(keys), source: INITIAL };
    turns.push(drafted);
    random.pick(sessions).push(drafted);
  }
  const places = sessions.flat();
  turns.forEach((drafted, turn) => {
    if (drafted.kind !== kinds.read && drafted.kind !== kinds.update) return;
    const isPlausible = random.chance(limits.plausible ?? 5, 10);
    const candidates = turns.filter(
      (other, at) =>
        isWrite(other.kind) &&
        other.key === drafted.key &&
        other !== drafted &&
        (!isPlausible || at < turn),
    );
    const latest = candidates.slice(-2);
    const pool = isPlausible && latest.length > 0 ? latest : candidates;
    if (pool.length > 0 && !random.chance(1, 8)) drafted.source = places.indexOf(random.pick(pool));
  });
  return accessesOf(sessions);
}

/** An order of the writes of each key: mostly the sessions', so that some claims can be kept. */
export function claimedOrders(random: Random, { keys, kind, key, size }: Accesses): KeyOrders {
  return Array.from({ length: keys }, (_, x) => {
    const writes = Array.from({ length: size }, (_, a) => a).filter(
      (a) => isWrite(kind[a]!) && key[a] === x,
    );
    return Int32Array.from(random.chance(1, 2) ? writes : random.shuffle(writes));
  });
}

/** Shown where a property fails. */
export function textOf(accesses: Accesses): string {
  const names = ["r", "w", "u", "f"];
  const parts = Array.from({ length: accesses.sessions }, (_, s) =>
    Array.from({ length: accesses.starts[s + 1]! - accesses.starts[s]! }, (_, i) => {
      const a = accesses.starts[s]! + i;
      const kind = accesses.kind[a]!;
      const source = kind === kinds.write || kind === kinds.fence ? "" : `<${accesses.source[a]}`;
      return `${a}:${names[kind]}${accesses.key[a]}${source}`;
    }).join(" "),
  );
  return parts.join(" | ");
}
