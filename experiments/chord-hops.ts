/**
 * How many hops a lookup on a Chord ring takes on average, as arithmetic: part of `lookup-hops`.
 *
 * Nodes lie on the ring as a Poisson process does, at a mean distance of 1. Let h(x) be the mean number
 * of hops to a key at distance x, and 2^i a distance of fingers: the greatest below x. Where no node lies
 * between 2^i and x, a key at 2^i would have the same predecessor: h(2^i). Otherwise the first node
 * beyond 2^i is the next hop, and what lies behind it is as unknown as it was before; unless so few nodes
 * lie below 2^i that the list of successors reaches farther, to the second or third one beyond 2^i.
 *
 * A fixed number of nodes is not Poisson: half a node more makes up for it in the mean, up to O(1/N²)
 * (Jacquet and Szpankowski 1998, Analytical depoissonization, for a logarithm).
 */

/** Steps of the ring; a power of two, as halves of halves of the ring must be whole numbers of them. */
const STEPS = 4_096;

/** The mean over all nodes that ask and all keys; three successors are known. O(STEPS²). */
export function expectedHops(n: number): number {
  const length = n - 1 / 2;
  const step = length / STEPS;
  const hops = hopsByDistance(step);
  let sum = 0;
  for (const [k, mean] of hops.entries()) {
    // It is its own key where no node lies behind it on the rest of the ring.
    const others = 1 - Math.exp(-(length - k * step));
    sum += mean * others * (k === STEPS ? 1 / 2 : 1);
  }
  return sum / STEPS;
}

function hopsByDistance(step: number): Float64Array {
  const hops = new Float64Array(STEPS + 1);
  hops[1] = 1 - Math.exp(-step);
  for (let k = 2, finger = 1; k <= STEPS; k++) {
    if (2 * finger < k) finger *= 2;
    const below = finger * step;
    const none = Math.exp(-below);
    const one = below * none;
    /** The density of the next hop at that distance beyond the finger's. */
    const density = (s: number): number =>
      Math.exp(-s) * (1 - none - one + one * s + (none * s * s) / 2);
    let further = ((hops[k - finger] as number) * density(0)) / 2;
    for (let j = 1; j < k - finger; j++) {
      further += (hops[k - finger - j] as number) * density(j * step);
    }
    const empty = Math.exp(-(k - finger) * step);
    hops[k] = 1 - empty + further * step + empty * (hops[finger] as number);
  }
  return hops;
}
