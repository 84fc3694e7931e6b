/**
 * Version vectors (Parker et al. 1983): of every replica, how many of its updates are covered. A
 * replica that is not named has 0. All O(replicas).
 */

export type Vector = { [replica: string]: number };

/** One update: the nth of its replica. */
export type Dot = { replica: string; n: number };

export function holds(vector: Vector, { replica, n }: Dot): boolean {
  return (vector[replica] ?? 0) >= n;
}

/** Is everything in `right` in `left` too? */
export function covers(left: Vector, right: Vector): boolean {
  return Object.keys(right).every((replica) => (left[replica] ?? 0) >= (right[replica] ?? 0));
}

/** What either covers. */
export function joined(left: Vector, right: Vector): Vector {
  const result = { ...left };
  for (const [replica, n] of Object.entries(right)) {
    result[replica] = Math.max(result[replica] ?? 0, n);
  }
  return result;
}

/** What all of them cover. */
export function common(first: Vector, others: Iterable<Vector>): Vector {
  const result = { ...first };
  for (const other of others) {
    for (const replica of Object.keys(result)) {
      result[replica] = Math.min(result[replica] ?? 0, other[replica] ?? 0);
    }
  }
  return result;
}

export function dotText({ replica, n }: Dot): string {
  return `${replica}:${n}`;
}

/** What `dotText` made. */
export function dotOf(text: string): Dot {
  const at = text.lastIndexOf(":");
  return { replica: text.slice(0, at), n: Number(text.slice(at + 1)) };
}
