/** Sets, sums, logs and ids: what a person can see. */

import { type KnownHistory, known } from "./known-history.js";

export const knownCollections: readonly KnownHistory[] = [
  known(
    "set",
    true,
    "a read lists the elements in any order",
    `0 invoke add 1
     0 ok
     0 invoke add 2
     0 ok
     0 invoke read
     0 ok [2,1]`,
  ),
  known(
    "set",
    false,
    "an acknowledged element is missing",
    `0 invoke add 1
     0 ok
     0 invoke read
     0 ok []`,
  ),
  known(
    "set",
    false,
    "an element that was there has gone",
    `0 invoke add 1
     0 info
     1 invoke read
     1 ok [1]
     1 invoke read
     1 ok []`,
  ),
  known(
    "set",
    false,
    "an element whose add failed",
    `0 invoke add 1
     0 fail
     0 invoke read
     0 ok [1]`,
  ),
  known(
    "set",
    false,
    "two reads each miss what the other has",
    `0 invoke add 1
     1 invoke add 2
     2 invoke read
     3 invoke read
     2 ok [1]
     3 ok [2]`,
  ),
  known(
    "counter",
    true,
    "a read counts one of two pending adds",
    `0 invoke add 2
     0 info
     1 invoke add 3
     1 info
     2 invoke read
     2 ok 3
     2 invoke read
     2 ok 5`,
  ),
  known(
    "counter",
    false,
    "a read counts a pending add twice",
    `0 invoke add 2
     0 info
     1 invoke read
     1 ok 4`,
  ),
  known(
    "counter",
    false,
    "a sum that no subset of the adds gives",
    `0 invoke add 2
     1 invoke add 4
     2 invoke read
     2 ok 3`,
  ),
  known(
    "counter",
    true,
    "a sum goes down through a negative delta",
    `0 invoke add 2
     0 ok
     1 invoke add -3
     0 invoke read
     0 ok 2
     0 invoke read
     0 ok -1`,
  ),
  known(
    "counter",
    false,
    "a failed add is counted",
    `0 invoke add 2
     0 fail
     0 invoke read
     0 ok 2`,
  ),
  known(
    "set",
    true,
    "add and remove say whether they changed the set",
    `0 invoke add 1
     0 ok true
     0 invoke add 1
     0 ok false
     0 invoke remove 1
     0 ok true
     0 invoke remove 1
     0 ok false
     0 invoke contains 1
     0 ok false`,
  ),
  known("set", false, "removed, but it was never there", "0 invoke remove 1 \n 0 ok true"),
  known("set", true, "removed, but not a word whether it was there", "0 invoke remove 1 \n 0 ok"),
  known("set", true, "what was there at first is removed", "0 invoke remove 1 \n 0 ok true", [1]),
  known(
    "set",
    false,
    "two clients both put in the same element",
    "0 invoke add 1 \n 1 invoke add 1 \n 0 ok true \n 1 ok true",
  ),
  known(
    "set",
    true,
    "two clients both put in the same element, and a pending remove came between",
    `2 invoke remove 1
     0 invoke add 1
     1 invoke add 1
     0 ok true
     1 ok true`,
  ),
  known("set", false, "a read lists an element twice", "0 invoke read \n 0 ok [1,1]", [1]),
  known(
    "counter",
    true,
    "increments and decrements count one unless told",
    `0 invoke increment
     0 ok
     0 invoke decrement 4
     0 ok
     0 invoke increment 2
     0 ok
     0 invoke decrement
     0 ok
     0 invoke read
     0 ok 8`,
    10,
  ),
  known(
    "fetch-and-add",
    true,
    "each fetches what the one before left",
    `0 invoke fetch-and-add 2
     1 invoke faa 3
     1 ok 0
     0 ok 3
     0 invoke read
     0 ok 5`,
  ),
  known(
    "fetch-and-add",
    false,
    "two fetch the same sum",
    "0 invoke faa 1 \n 1 invoke faa 1 \n 1 ok 0 \n 0 ok 0",
  ),
  known(
    "fetch-and-add",
    true,
    "a gap is what a pending one has added",
    `0 invoke faa 1
     0 info
     1 invoke get-and-add 1
     1 ok 1
     1 invoke faa 1
     1 ok 2`,
  ),
  known(
    "list-append",
    true,
    "an empty list is null or a list without elements",
    `0 invoke read
     0 ok []
     0 invoke read
     0 ok null
     0 invoke append 1
     0 ok
     0 invoke append 1
     0 ok
     0 invoke read
     0 ok [1,1]`,
  ),
  known(
    "list-append",
    false,
    "an append went into the middle",
    `0 invoke append 1
     0 ok
     0 invoke append 2
     0 ok
     1 invoke append 3
     0 invoke read
     0 ok [1,3,2]`,
  ),
  known(
    "list-append",
    false,
    "two readers disagree on the order",
    `0 invoke append 1
     1 invoke append 2
     2 invoke read
     3 invoke read
     2 ok [1,2]
     3 ok [2,1]`,
  ),
  known(
    "unique-ids",
    true,
    "ids in any order, and near ones",
    `0 invoke generate
     0 ok 2
     0 invoke generate
     0 ok "2"
     1 invoke generate
     1 ok 1`,
  ),
  known(
    "unique-ids",
    false,
    "one id twice",
    "0 invoke generate \n 1 invoke generate \n 0 ok 1 \n 1 ok 1",
  ),
  known(
    "unique-ids",
    true,
    "the same id for two keys",
    "0 invoke generate @x \n 1 invoke generate @y \n 0 ok 1 \n 1 ok 1",
  ),
];
