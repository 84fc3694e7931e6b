/**
 * The in-sync set: the nodes that hold all that is kept, and the only ones fit to hand on the log.
 *
 * As in PacificA (Lin et al. 2008) and Kafka (2013): an entry is kept once all of the set hold it; who
 * falls behind is taken out, so that nobody waits for it, and taken in again when it has caught up.
 * There the set is registered outside, with a configuration manager or ZooKeeper. Here the group is its
 * own registry: a set counts once a majority has it on disk, and any granters of a later epoch include
 * one of these. Sets are ordered by (epoch, version).
 *
 * While a new set is not yet decided, the next primary may find it or not: so entries are kept only
 * when both sets hold them. And a node enters a set only when it holds all that was ever kept, which
 * is why a primary takes in nobody who lacks the entry that opened its epoch.
 */

/** As it is sent and stored. */
export type InSync = { epoch: number; version: number; members: string[] };

export function isLater(left: InSync, right: InSync): boolean {
  return left.epoch !== right.epoch ? left.epoch > right.epoch : left.version > right.version;
}

/** What a primary knows of a node when it reviews the set. */
export interface Standing {
  node: string;
  /** Entries that it holds durably. */
  held: number;
  /** It has lacked some entry for too long. */
  isBehind: boolean;
}

/** The set over one reign, at its primary. It begins with the one that the granters knew. */
export class InSyncSet {
  readonly #majority: number;
  #decided: readonly string[] = [];
  #latest: InSync;
  readonly #storedBy = new Set<string>();

  constructor(found: InSync, { epoch, majority }: { epoch: number; majority: number }) {
    this.#majority = majority;
    this.#latest = { epoch, version: 1, members: found.members };
  }

  /** What is decided, or proposed and not decided yet. */
  get latest(): InSync {
    return this.#latest;
  }

  /** Whose copies keep an entry; undefined until the first set of this epoch is decided. */
  get keepers(): readonly string[] | undefined {
    if (this.#decided.length === 0) return undefined;
    return [...new Set([...this.#decided, ...this.#latest.members])];
  }

  /** That node has the set of this version on its disk. */
  stored(node: string, version: number): void {
    if (version !== this.#latest.version) return;
    this.#storedBy.add(node);
    if (this.#storedBy.size >= this.#majority) this.#decided = this.#latest.members;
  }

  /**
   * Proposes another set where one is due and none is open; never with fewer than `least` members.
   * `complete`: so many entries, at least, hold all that was ever kept. O(n log n).
   */
  review(standings: readonly Standing[], rule: { least: number; complete: number }): boolean {
    if (this.#storedBy.size < this.#majority) return false;
    const isMember = ({ node }: Standing): boolean => this.#latest.members.includes(node);
    const fit = standings.filter(
      (standing) => !standing.isBehind && (isMember(standing) || standing.held >= rule.complete),
    );
    const spare = standings
      .filter((standing) => isMember(standing) && !fit.includes(standing))
      .sort((a, b) => b.held - a.held);
    const wanted = [...fit, ...spare.slice(0, Math.max(0, rule.least - fit.length))];
    const members = standings
      .filter((standing) => wanted.includes(standing))
      .map(({ node }) => node);
    const { epoch, version } = this.#latest;
    if (members.join() === this.#latest.members.join()) return false;
    this.#latest = { epoch, version: version + 1, members };
    this.#storedBy.clear();
    return true;
  }
}
