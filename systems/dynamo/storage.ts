/** A node's disk, of which it knows how much is durable: nobody waits for what is there already. */

import type { Disk } from "../../src/hosts/ts/node.js";

export class Storage {
  readonly #disk: Disk;
  /** Counts changes. */
  #changes = 0;
  #durable = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  read: Disk["read"] = (file) => this.#disk.read(file);
  records: Disk["records"] = (file) => this.#disk.records(file);

  write: Disk["write"] = (file, value) => {
    this.#changes += 1;
    this.#disk.write(file, value);
  };

  append: Disk["append"] = (file, record) => {
    this.#changes += 1;
    this.#disk.append(file, record);
  };

  truncate: Disk["truncate"] = (file, length) => {
    this.#changes += 1;
    this.#disk.truncate(file, length);
  };

  /** Everything changed before is durable when it resolves. */
  async sync(): Promise<void> {
    if (this.#durable >= this.#changes) return;
    const changes = this.#changes;
    await this.#disk.fsync();
    this.#durable = Math.max(this.#durable, changes);
  }
}
