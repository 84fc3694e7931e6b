/** What the views of a model keep of the session order. */

export interface ViewRules {
  /** Which writes of every session keep their order: all of them, or those of each key. */
  chains: "session" | "key";
  /** An own write is before later own reads. */
  readYourWrites: boolean;
  /** Own reads keep their order. */
  monotonicReads: boolean;
  /** The source of a read is before the later writes of that read's session, whosever it is. */
  writesFollowReads: boolean;
  /** An own update is one element of the view, instead of a read and a later write. */
  atomicUpdates: boolean;
}

export const pramRules: ViewRules = {
  chains: "session",
  readYourWrites: true,
  monotonicReads: true,
  writesFollowReads: false,
  atomicUpdates: true,
};

/** PRAM of each key alone: nothing then relates the writes of different keys. */
export const slowRules: ViewRules = { ...pramRules, chains: "key" };
