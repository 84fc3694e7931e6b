/** Locks, queues, stacks and priority queues: what a person can see. */

import { type KnownHistory, known } from "./known-history.js";

const locks: readonly KnownHistory[] = [
  known(
    "mutex",
    true,
    "held by one after the other, though they asked at once",
    `0 invoke acquire
     1 invoke lock
     1 ok
     1 invoke unlock
     0 ok
     1 ok`,
  ),
  known("mutex", false, "held twice", "0 invoke acquire \n 0 ok \n 1 invoke acquire \n 1 ok"),
  known(
    "mutex",
    true,
    "held again, for the first holder's release is pending",
    `0 invoke acquire
     0 ok
     0 invoke release
     0 info
     1 invoke acquire
     1 ok`,
  ),
  known("mutex", false, "released while free", "0 invoke release \n 0 ok"),
  known(
    "mutex",
    true,
    "released by another than its holder: a plain mutex has no owner",
    `0 invoke acquire
     0 ok
     1 invoke release
     1 ok`,
  ),
  known(
    "owned-mutex",
    false,
    "released by another than its holder",
    `0 invoke acquire
     0 ok
     1 invoke release
     1 ok`,
  ),
  known(
    "owned-mutex",
    false,
    "acquired by a pending operation whose process can never release it",
    `0 invoke acquire
     0 info
     1 invoke release
     1 ok`,
  ),
  known(
    "semaphore",
    true,
    "two permits are out at once",
    "0 invoke acquire \n 0 ok \n 1 invoke acquire 1 \n 1 ok",
    2,
  ),
  known(
    "semaphore",
    false,
    "three permits of two are out",
    "0 invoke acquire \n 0 ok \n 1 invoke acquire 2 \n 1 ok",
    2,
  ),
  known("semaphore", false, "a permit too many came back", "0 invoke release \n 0 ok", 2),
  known(
    "semaphore",
    false,
    "one acquire asks for more than there are",
    "0 invoke acquire 3 \n 0 ok",
    2,
  ),
];

const queues: readonly KnownHistory[] = [
  known(
    "queue",
    true,
    "first in, first out, then nothing",
    `0 invoke enqueue 1
     0 ok
     0 invoke enqueue 2
     0 ok
     0 invoke peek
     0 ok 7
     0 invoke dequeue
     0 ok 7
     0 invoke dequeue
     0 ok 1
     0 invoke dequeue
     0 ok 2
     0 invoke dequeue
     0 ok null`,
    [7],
  ),
  known(
    "queue",
    false,
    "last in, first out",
    `0 invoke enqueue 1
     0 ok
     0 invoke enqueue 2
     0 ok
     0 invoke dequeue
     0 ok 2`,
  ),
  known(
    "queue",
    true,
    "a pending dequeue took the first",
    `1 invoke dequeue
     1 info
     0 invoke enqueue 1
     0 ok
     0 invoke enqueue 2
     0 ok
     0 invoke dequeue
     0 ok 2`,
  ),
  known(
    "queue",
    false,
    "two dequeues get the same element",
    `0 invoke enqueue 1
     0 ok
     0 invoke dequeue
     0 ok 1
     1 invoke dequeue
     1 ok 1`,
  ),
  known(
    "queue",
    false,
    "nothing to dequeue, though something was there all the time",
    "0 invoke enqueue 1 \n 0 ok \n 0 invoke dequeue \n 0 ok null",
  ),
];

const stacks: readonly KnownHistory[] = [
  known(
    "stack",
    true,
    "last in, first out, then what was there at first, the last of the list on top",
    `0 invoke push 1
     0 ok
     0 invoke top
     0 ok 1
     0 invoke pop
     0 ok 1
     0 invoke pop
     0 ok 8
     0 invoke peek
     0 ok 7`,
    [7, 8],
  ),
  known(
    "stack",
    false,
    "first in, first out",
    `0 invoke push 1
     0 ok
     0 invoke push 2
     0 ok
     0 invoke pop
     0 ok 1`,
  ),
  known(
    "stack",
    true,
    "a pending pop took the newest",
    `1 invoke pop
     0 invoke push 1
     0 ok
     0 invoke push 2
     0 ok
     0 invoke pop
     0 ok 1`,
  ),
];

const priorityQueues: readonly KnownHistory[] = [
  known(
    "priority-queue",
    true,
    "the least first, each as often as it was put in",
    `0 invoke insert 10
     0 ok
     0 invoke add 9
     0 ok
     0 invoke offer 9
     0 ok
     0 invoke peek
     0 ok -1.5
     0 invoke poll
     0 ok -1.5
     0 invoke delete-min
     0 ok 9
     0 invoke extract-min
     0 ok 9
     0 invoke min
     0 ok 10
     0 invoke remove-min
     0 ok 10
     0 invoke find-min
     0 ok null`,
    [-1.5],
  ),
  known(
    "priority-queue",
    false,
    "the greatest first",
    `0 invoke insert 1
     0 ok
     0 invoke insert 2
     0 ok
     0 invoke delete-min
     0 ok 2`,
  ),
  known(
    "priority-queue",
    true,
    "a pending delete took the least",
    `1 invoke delete-min
     1 info
     0 invoke insert 2
     0 ok
     0 invoke insert 10
     0 ok
     0 invoke delete-min
     0 ok 10`,
  ),
  known(
    "priority-queue",
    false,
    "one element is taken twice",
    `0 invoke insert 2
     0 ok
     1 invoke delete-min
     0 invoke delete-min
     0 ok 2
     1 ok 2`,
  ),
  known(
    "max-priority-queue",
    true,
    "the greatest first",
    `0 invoke insert 9
     0 ok
     0 invoke offer 10
     0 ok
     0 invoke max
     0 ok 10
     0 invoke poll
     0 ok 10
     0 invoke delete-max
     0 ok 9`,
  ),
  known(
    "max-priority-queue",
    false,
    "the least first",
    `0 invoke insert 1
     0 ok
     0 invoke insert 2
     0 ok
     0 invoke delete-max
     0 ok 1`,
  ),
];

export const knownContainers: readonly KnownHistory[] = [
  ...locks,
  ...queues,
  ...stacks,
  ...priorityQueues,
];
