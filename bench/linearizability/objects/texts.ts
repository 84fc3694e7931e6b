/**
 * A key-value store of texts, as in Porcupine's own files: half appends, one put in ten, the rest gets;
 * every piece is different, one key for 200 operations.
 *
 * The violation: a get misses what has just been appended.
 */

import { NULL_ID } from "../../../histories/values.js";
import type { MakeServed } from "../clients.js";

const GET = 0;
const PUT = 1;
const APPEND = 2;
const SHARES = [GET, GET, GET, GET, PUT, APPEND, APPEND, APPEND, APPEND, APPEND];

export const texts: MakeServed = (columns, { clients, size }, random) => {
  columns.functions = ["get", "put", "append"];
  const { f, key, input, output, values } = columns;
  const keys = Math.max(5, Math.floor(size / 200));
  const keyIds = Int32Array.from({ length: keys }, (_, k) => values.id(`k${k}`));
  const states = new Array<string>(keys).fill("");
  const keyOf = new Int32Array(clients);
  const pieces = new Array<string>(clients).fill("");
  let written = 0;
  const step = (code: number, text: string) => (i: number) => {
    f[i] = code;
    key[i] = keyIds[0]!;
    input[i] = code === GET ? NULL_ID : values.id(text);
    output[i] = values.id(text);
  };
  return {
    ask(i, client) {
      f[i] = SHARES[random.int(SHARES.length)]!;
      keyOf[client] = random.int(keys);
      key[i] = keyIds[keyOf[client]!]!;
      if (f[i] === GET) return;
      pieces[client] = `x${++written}y`;
      input[i] = output[i] = values.id(pieces[client]!);
    },
    apply(i, client) {
      const k = keyOf[client]!;
      if (f[i] === PUT) states[k] = pieces[client]!;
      if (f[i] === APPEND) states[k] += pieces[client]!;
      if (f[i] === GET) output[i] = values.id(states[k]!);
      return true;
    },
    fate: () => "either",
    contradiction: [
      step(PUT, "first"),
      (i) => {
        step(APPEND, "second")(i);
        states[0] = "firstsecond";
      },
      step(GET, "first"),
    ],
  };
};
