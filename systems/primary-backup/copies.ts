/** What a primary knows of who holds how much of its log, and who has answered it. */

interface Backup {
  /** From where to send: the logs are believed to agree up to here. */
  next: number;
  /** Entries it is known to hold durably. */
  held: number;
  /** The latest round it has answered. */
  round: number;
}

export class Copies {
  readonly #backups: Map<string, Backup>;
  #own = 0;

  constructor(backups: readonly string[], length: number) {
    this.#backups = new Map(backups.map((name) => [name, { next: length, held: 0, round: 0 }]));
  }

  next(name: string): number {
    return this.#of(name).next;
  }

  /** The primary itself holds that much durably. */
  hold(length: number): void {
    this.#own = Math.max(this.#own, length);
  }

  /** Answers overtake each other: what was once held stays so for this epoch. */
  held(name: string, length: number): void {
    const backup = this.#of(name);
    backup.held = Math.max(backup.held, length);
    backup.next = Math.max(backup.next, backup.held);
  }

  /** Entries that a backup, or else the primary itself, is known to hold durably. */
  heldAt(name: string): number {
    return this.#backups.get(name)?.held ?? this.#own;
  }

  /** The longest prefix that each of these nodes holds. O(n). */
  heldByAll(names: readonly string[]): number {
    return Math.min(...names.map((name) => this.heldAt(name)));
  }

  /** The backup's log did not fit; it proposes to begin after `length` entries. False if old news. */
  retreat(name: string, length: number): boolean {
    const backup = this.#of(name);
    const next = Math.max(backup.held, Math.min(backup.next, length));
    const isNew = next !== backup.next;
    backup.next = next;
    return isNew;
  }

  answered(name: string, round: number): void {
    const backup = this.#of(name);
    backup.round = Math.max(backup.round, round);
  }

  /** The longest prefix that `count` nodes hold, the primary being one of them. O(n log n). */
  heldBy(count: number): number {
    if (count <= 1) return this.#own;
    const lengths = [...this.#backups.values()].map(({ held }) => held).sort((a, b) => b - a);
    return Math.min(this.#own, lengths[count - 2] ?? 0);
  }

  /** The latest round that `count` nodes have answered, the primary being one of them. O(n log n). */
  answeredBy(count: number): number {
    if (count <= 1) return Number.POSITIVE_INFINITY;
    const rounds = [...this.#backups.values()].map(({ round }) => round);
    return rounds.sort((a, b) => b - a)[count - 2] ?? 0;
  }

  #of(name: string): Backup {
    const backup = this.#backups.get(name);
    if (backup === undefined) throw new RangeError(`${name} is not a backup here`);
    return backup;
  }
}
