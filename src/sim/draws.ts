/**
 * What is still drawn while a run goes on: its streams, which may change over to another seed at one
 * moment (a branch), and which say their names while a trace is recorded.
 *
 * Streams that live as long as the run are opened here. At the branch they start afresh, in place,
 * under the other seed, so that whoever holds one need not know. Without a recorder they are plain
 * streams: to be able to tell costs nothing.
 */

import { Random, type StartWords } from "../random/random.js";
import { Streams } from "../random/streams.js";

/** From `atUs` on, everything comes from the other seed. */
export interface BranchPoint {
  atUs: number;
  seed: number;
}

/** Told the name of a stream at each draw from it. */
type Tell = (name: string) => void;

interface Opened {
  random: Random;
  purpose: string;
  indexes: number[];
}

export class Draws {
  /** When the branch is; never, without one. */
  readonly branchUs: number;
  readonly #other: Streams | undefined;
  readonly #tell: Tell | undefined;
  readonly #opened: Opened[] = [];
  readonly #followers: (() => void)[] = [];
  #streams: Streams;

  constructor(streams: Streams, branch?: BranchPoint, tell?: Tell) {
    this.#streams = streams;
    this.#tell = tell;
    this.branchUs = branch?.atUs ?? Number.POSITIVE_INFINITY;
    this.#other = branch === undefined ? undefined : new Streams(branch.seed);
    if (this.branchUs === 0) this.follow();
  }

  /** The streams of the present time. */
  get streams(): Streams {
    return this.#streams;
  }

  /** The streams from the branch on; without one, those of the whole run. */
  get lastStreams(): Streams {
    return this.#other ?? this.#streams;
  }

  /** A stream for the rest of the run. `name` is what the trace calls it. */
  open(name: string, purpose: string, ...indexes: number[]): Random {
    const random = this.once(name, purpose, ...indexes);
    this.#opened.push({ random, purpose, indexes });
    return random;
  }

  /** A stream for one occasion. */
  once(name: string, purpose: string, ...indexes: number[]): Random {
    const start = this.#streams.start(purpose, ...indexes);
    const tell = this.#tell;
    return tell === undefined ? new Random(start) : new ToldRandom(start, () => tell(name));
  }

  /** Calls back at the branch, for those who keep keys of the streams. */
  onBranch(follow: () => void): void {
    this.#followers.push(follow);
  }

  /** The branch is reached. O(streams and followers). */
  follow(): void {
    this.#streams = this.lastStreams;
    for (const { random, purpose, indexes } of this.#opened) {
      random.restart(this.#streams.start(purpose, ...indexes));
    }
    for (const follow of this.#followers) follow();
  }
}

/** A stream that tells of each draw. */
class ToldRandom extends Random {
  readonly #tell: () => void;

  constructor(start: StartWords, tell: () => void) {
    super(start);
    this.#tell = tell;
  }

  override word(): number {
    this.#tell();
    return super.word();
  }
}
