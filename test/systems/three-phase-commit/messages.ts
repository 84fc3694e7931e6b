/** One transaction of three participants, as the messages of three-phase commit tell of it. */

export const nodes = ["n1", "n2", "n3"];
export const transaction = "c1/16#1";
export const prepare = {
  type: "prepare",
  readOnly: false,
  part: {
    transaction,
    born: 1,
    coordinator: "n2",
    participants: nodes,
    reads: [],
    writes: [{ kind: "append", key: "x", value: 1 }],
  },
};

/** Where a participant stands, and whether it has crashed since it voted. */
export const stands = (state: string, recovered = false) => ({
  type: "stands",
  transaction,
  state,
  recovered,
});
