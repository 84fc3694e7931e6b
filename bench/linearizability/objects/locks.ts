/**
 * Mutexes and semaphores: every client acquires and releases in turn. A lost acquire never got the
 * lock (or nobody would ever again), a lost release always gave it back. Acquires which still wait
 * when the recording ends never return.
 *
 * The violation: one client acquires once more than there are permits.
 */

import { NULL_ID } from "../../../histories/values.js";
import type { MakeServed } from "../clients.js";

const ACQUIRE = 0;
const RELEASE = 1;

export const lock =
  ({ permits, most = 1 }: { permits: number; most?: number }): MakeServed =>
  (columns, { clients }, random) => {
    columns.functions = ["acquire", "release"];
    const { f, input, output, values } = columns;
    let free = permits;
    /** Per client: what it holds, and what its open operation is about. */
    const held = new Int32Array(clients);
    const amount = new Int32Array(clients);
    const count = (i: number, permitsTaken: number): void => {
      input[i] = permits === 1 ? NULL_ID : values.numberId(permitsTaken);
    };
    const step = (code: number) => (i: number) => {
      f[i] = code;
      count(i, 1);
    };
    const acquires = Array.from({ length: permits + 1 }, () => step(ACQUIRE));
    const releases = Array.from({ length: permits }, () => step(RELEASE));
    return {
      ask(i, client) {
        const holding = held[client]!;
        f[i] = holding > 0 ? RELEASE : ACQUIRE;
        amount[client] = holding > 0 ? holding : random.between(1, most);
        count(i, amount[client]!);
      },
      apply(i, client) {
        if (f[i] === RELEASE) {
          free += amount[client]!;
          held[client] = 0;
        } else if (free >= amount[client]!) {
          free -= amount[client]!;
          held[client] = amount[client]!;
        } else return false;
        output[i] = input[i]!;
        return true;
      },
      fate: (i) => (f[i] === ACQUIRE ? "vanishes" : "happens"),
      busy: (client) => held[client]! > 0,
      contradiction: [...acquires, ...releases],
    };
  };
