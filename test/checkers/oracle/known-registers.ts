/** Registers, swaps and maps: what a person can see. */

import { type KnownHistory, known } from "./known-history.js";

const registers: readonly KnownHistory[] = [
  known("register", true, "nothing happened", ""),
  known("register", true, "a read before any write finds nothing", "0 invoke read \n 0 ok"),
  known("register", true, "a read before any write finds init", "0 invoke read \n 0 ok 7", 7),
  known("register", false, "init was there, and a read found nothing", "0 invoke read \n 0 ok", 7),
  known(
    "register",
    false,
    "a stale read: the write was acknowledged before",
    `0 invoke write 1
     0 ok
     1 invoke read
     1 ok null`,
  ),
  known(
    "register",
    true,
    "a concurrent read may come before the write or after it",
    `0 invoke write 1
     1 invoke read
     1 ok null
     2 invoke read
     2 ok 1
     0 ok`,
  ),
  known(
    "register",
    false,
    "new then old: two reads in turn during one write",
    `0 invoke write 1
     1 invoke read
     1 ok 1
     2 invoke read
     2 ok null
     0 ok`,
  ),
  known(
    "register",
    false,
    "a read from the future: the write was invoked after",
    `1 invoke read
     1 ok 1
     0 invoke write 1
     0 ok`,
  ),
  known(
    "register",
    true,
    "a pending write is seen long after",
    `0 invoke write 1
     0 info
     1 invoke read
     1 ok null
     1 invoke read
     1 ok 1`,
  ),
  known(
    "register",
    true,
    "a pending write never takes effect",
    `0 invoke write 1
     1 invoke read
     1 ok null`,
  ),
  known(
    "register",
    false,
    "a pending write takes effect once: it cannot return after being overwritten",
    `0 invoke write 1
     1 invoke read
     1 ok 1
     1 invoke write 2
     1 ok
     1 invoke read
     1 ok 1`,
  ),
  known(
    "register",
    false,
    "a pending write is seen before it was invoked",
    `1 invoke read
     1 ok 1
     0 invoke write 1
     0 info`,
  ),
  known(
    "register",
    false,
    "a failed write is seen",
    `0 invoke write 1
     0 fail
     1 invoke read
     1 ok 1`,
  ),
  known(
    "register",
    true,
    "the answers of failed and of pending reads bind nobody",
    `0 invoke read
     0 fail 8
     1 invoke read
     1 info 9`,
  ),
  known(
    "register",
    false,
    "two readers disagree on the order of two writes",
    `0 invoke write 1
     1 invoke write 2
     2 invoke read
     2 ok 1
     3 invoke read
     3 ok 2
     2 invoke read
     2 ok 1
     0 ok
     1 ok`,
  ),
  known(
    "register",
    true,
    "what nodes and the nemesis record binds nobody",
    `nemesis info partition
     0 invoke write 1
     n1 info leader 5
     0 ok
     nemesis info heal
     0 invoke read
     0 ok 1`,
  ),
  known(
    "register",
    false,
    "each key is fresh, yet one of two reads is stale",
    `0 invoke write @x 1
     0 ok
     0 invoke write @y 2
     0 ok
     1 invoke read @x
     1 ok 1
     1 invoke read @y
     1 ok null`,
  ),
];

const casRegisters: readonly KnownHistory[] = [
  known(
    "cas-register",
    true,
    "a swap takes what was there",
    `0 invoke write 1
     0 ok
     0 invoke cas [1,2]
     0 ok
     0 invoke read
     0 ok 2`,
  ),
  known(
    "cas-register",
    false,
    "two clients swap the same value away",
    `0 invoke cas [null,1]
     1 invoke cas [null,2]
     0 ok
     1 ok`,
  ),
  known(
    "cas-register",
    true,
    "two pending swaps feed each other, both in time",
    `0 invoke cas [2,1]
     1 invoke cas [null,2]
     2 invoke read
     2 ok 2
     3 invoke read
     3 ok 1`,
  ),
  known(
    "cas-register",
    false,
    "two pending swaps feed each other, but neither can be first",
    `0 invoke cas [1,2]
     1 invoke cas [2,1]
     2 invoke read
     2 ok 1`,
  ),
  known(
    "cas-register",
    true,
    "a pending swap that never matches has done nothing",
    `0 invoke cas [5,6]
     0 info
     1 invoke read
     1 ok null`,
  ),
  known(
    "cas-register",
    true,
    "a failed swap says nothing about the value",
    `0 invoke write 1
     0 ok
     0 invoke cas [1,2]
     0 fail
     0 invoke read
     0 ok 1`,
  ),
  known(
    "cas-register",
    false,
    "a failed swap is seen",
    `0 invoke write 1
     0 ok
     0 invoke cas [1,2]
     0 fail
     0 invoke read
     0 ok 2`,
  ),
  known(
    "cas-register",
    true,
    "an acknowledged swap can only follow a pending write of its expected value",
    `0 invoke write 3
     0 info
     1 invoke cas [3,4]
     1 ok
     1 invoke read
     1 ok 4`,
  ),
  known(
    "cas-register",
    false,
    "a pending write enables one swap, not two",
    `0 invoke write 3
     0 info
     1 invoke cas [3,4]
     1 ok
     1 invoke cas [3,5]
     1 ok`,
  ),
];

const maps: readonly KnownHistory[] = [
  known(
    "kv",
    true,
    "appends to a missing key begin with an empty string, which get may show",
    `0 invoke get @x
     0 ok ""
     0 invoke get @x
     0 ok null
     0 invoke append @x "a"
     0 ok
     0 invoke append @x "b"
     0 ok
     0 invoke get @x
     0 ok "ab"`,
  ),
  known(
    "kv",
    false,
    "one append shows twice",
    `0 invoke append @x "a"
     0 info
     1 invoke get @x
     1 ok "aa"`,
  ),
  known(
    "kv",
    false,
    "two readers see concurrent appends in different orders",
    `0 invoke append @x "a"
     1 invoke append @x "b"
     2 invoke get @x
     2 ok "ab"
     3 invoke get @x
     3 ok "ba"`,
  ),
  known(
    "kv",
    false,
    "a write to one key does not show under another",
    `0 invoke put @x "a"
     0 ok
     0 invoke get @y
     0 ok "a"`,
  ),
  known(
    "kv",
    true,
    "keys are independent, each with its own pending swap",
    `0 invoke cas @x [null,1]
     0 info
     1 invoke cas @y [null,1]
     1 info
     2 invoke read @x
     2 ok 1
     2 invoke read @y
     2 ok null`,
  ),
];

export const knownRegisters: readonly KnownHistory[] = [...registers, ...casRegisters, ...maps];
