/**
 * What can be wrong with reads and writes under a memory model. Circles with the shape of a litmus
 * test bear its name, and what no shape fits, the name of the model: those are families.
 */

export const memoryAnomalies: { readonly [type: string]: string } = {
  ThinAirRead: "a read returns a value that nobody wrote",
  CyclicCO: "operations cause each other in a circle",
  WriteCORead: "a read returns a value that had been overwritten, as the reader could know",
  WriteCOInitRead: "a key is found unwritten that had been written, as the reader could know",
  CyclicCF: "no one order of conflicting writes agrees with all reads and with causality",
  CyclicHB: "no one order of the writes explains what a session has read so far",
  WriteHBInitRead: "a key is found unwritten, against what a session has read so far",
  "version-conflict": "the versions that a store told contradict each other",
  "version-order-violation": "the order of writes that a store told contradicts causality",
  "divergent-replicas": "replicas with the same updates are in different states",
  "shrunken-replica": "a replica no longer has an update that it had",
  "forbidden-outcome": "a litmus test ended in a way that the memory model forbids",
};

/** Names that are made of others, and what they mean. */
export const memoryFamilies: readonly { pattern: RegExp; of: string; summary: string }[] = [
  {
    pattern: /^non-[a-z]+(-[a-z]+)*$/,
    of: "non-sequential, non-tso …",
    summary:
      "no order of the operations that the model allows explains them, and no shape has a name",
  },
  {
    pattern: /^[a-z-]+(\+[a-z-]+)*-violation$/,
    of: "read-your-writes-violation …",
    summary: "these guarantees of a session cannot hold together",
  },
  {
    pattern: /^(\d\.)?(\d\+\d)?[A-Z][A-Za-z0-9]*(\d)?([+.][A-Za-z0-9.]+)*$/,
    of: "SB, MP, LB, IRIW, CoRR …",
    summary: "a circle of reads and writes with the shape of that litmus test",
  },
];
