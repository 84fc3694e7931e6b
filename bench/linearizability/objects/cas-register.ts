/**
 * Registers with compare-and-set: 2 in 5 read, 1 in 5 writes, 2 in 5 are cas, of which a quarter fail.
 * Every new value is different, so that cas link values into chains; or all come from 0..5. With
 * several keys each is a register of its own.
 *
 * The violation: a read right after a write returns what was written before (or 5, which nobody can
 * have written since: what is lost never brings 5).
 */

import { type Columns, NO_KEY, outcomes } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Random } from "../../../src/random/random.js";
import type { MakeServed, Served } from "../clients.js";

const READ = 0;
const WRITE = 1;
const CAS = 2;
const DOMAIN = 6;

interface Domain {
  fresh(lost: boolean): number;
  /** A value that the register does not hold now. */
  wrong(state: number): number;
  /** What is written before the impossible read, in this order, and what that read returns. */
  last: { writes: readonly number[]; read: number };
}

const SHARES = [READ, READ, WRITE, CAS, CAS];

function serve(
  columns: Columns,
  { clients, keys, domain }: { clients: number; keys: number; domain: Domain },
  random: Random,
): Served {
  columns.functions = ["read", "write", "cas"];
  const { f, key, input, output, outcome, values } = columns;
  const keyIds = Int32Array.from({ length: keys }, (_, k) => values.id(`k${k}`));
  const nameOf = (k: number): number => (keys === 1 ? NO_KEY : keyIds[k]!);
  const states = new Int32Array(keys).fill(NULL_ID);
  const pair = new Int32Array(2);
  /** Per client: the key it uses, and the value it brings. */
  const keyOf = new Int32Array(clients);
  const bring = new Int32Array(clients);
  return {
    ask(i, client, lost) {
      f[i] = SHARES[random.int(SHARES.length)]!;
      keyOf[client] = random.int(keys);
      key[i] = nameOf(keyOf[client]!);
      bring[client] = f[i] === READ ? NULL_ID : domain.fresh(lost);
      if (f[i] === WRITE) input[i] = bring[client]!;
      // What is not lost guesses when it takes effect: three times in four it guesses right.
      if (f[i] === CAS && lost) {
        pair[0] = domain.wrong(states[keyOf[client]!]!);
        pair[1] = bring[client]!;
        input[i] = values.listId(pair);
      }
    },
    apply(i, client) {
      const k = keyOf[client]!;
      if (f[i] === WRITE) states[k] = bring[client]!;
      if (f[i] !== CAS) output[i] = states[k]!;
      else {
        const right = !random.chance(1, 4);
        pair[0] = right ? states[k]! : domain.wrong(states[k]!);
        pair[1] = bring[client]!;
        output[i] = input[i] = values.listId(pair);
        if (right) states[k] = bring[client]!;
        else outcome[i] = outcomes.fail;
      }
      return true;
    },
    fate: () => "either",
    contradiction: [
      ...domain.last.writes.map((value) => (i: number) => {
        f[i] = WRITE;
        key[i] = nameOf(0);
        input[i] = output[i] = states[0] = value;
      }),
      (i) => {
        f[i] = READ;
        key[i] = nameOf(0);
        output[i] = domain.last.read;
      },
    ],
  };
}

function small(columns: Columns, random: Random): Domain {
  const ids = Array.from({ length: DOMAIN }, (_, value) => columns.values.numberId(value));
  return {
    fresh: (lost) => ids[random.int(lost ? DOMAIN - 1 : DOMAIN)]!,
    wrong: (state) => ids[(ids.indexOf(state) + 1 + random.int(DOMAIN - 1)) % DOMAIN]!,
    last: { writes: [ids[0]!], read: ids[DOMAIN - 1]! },
  };
}

function unique({ values }: Columns): Domain {
  let written = 1;
  const [first, second] = [values.numberId(-2), values.numberId(-1)];
  return {
    fresh: () => values.numberId(++written),
    /** Written by nobody, ever. */
    wrong: () => values.numberId(0),
    last: { writes: [first, second], read: first },
  };
}

export const uniqueCasRegister: MakeServed = (columns, { clients }, random) =>
  serve(columns, { clients, keys: 1, domain: unique(columns) }, random);

export const smallCasRegister: MakeServed = (columns, { clients }, random) =>
  serve(columns, { clients, keys: 1, domain: small(columns, random) }, random);

/** One key for a thousand operations, but at least five. */
export const keyedCasRegister: MakeServed = (columns, { clients, size }, random) => {
  const keys = Math.max(5, Math.floor(size / 1000));
  return serve(columns, { clients, keys, domain: small(columns, random) }, random);
};
