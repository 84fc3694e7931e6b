/** A machine's disk in the hands of one incarnation of its node. */

import type { Disk } from "../../sim/disk.js";

/** The life that writes: a dead one changes nothing, and its fsyncs call nobody back. */
export interface Writer {
  /** Whether the incarnation may act; `what` is the function it called. */
  acts(what: string): boolean;
  /** Runs the node's own code, and answers for what it throws. */
  run(action: () => void): void;
}

export function diskOf(disk: Disk, writer: Writer): Disk {
  function fsync(): Promise<void>;
  function fsync(done: () => void): void;
  function fsync(done?: () => void): Promise<void> | void {
    if (done === undefined) return new Promise((resolve) => fsync(resolve));
    if (writer.acts("disk.fsync")) disk.fsync(() => writer.run(done));
  }
  return {
    read: (file) => disk.read(file),
    records: (file) => disk.records(file),
    write: (file, value) => {
      if (writer.acts("disk.write")) disk.write(file, value);
    },
    append: (file, record) => {
      if (writer.acts("disk.append")) disk.append(file, record);
    },
    truncate: (file, length) => {
      if (writer.acts("disk.truncate")) disk.truncate(file, length);
    },
    fsync,
  };
}
