/** What each kind of fault looks like in a plan, as JSON Schema. */

/** No run is longer. */
export const DAY_US = 86_400_000_000;

export const name = { type: "string", minLength: 1 } as const;
export const names = { type: "array", items: name } as const;
export const count = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const ppm = { type: "integer", minimum: 0, maximum: 1_000_000 } as const;
const target = {
  anyOf: [
    name,
    {
      type: "object",
      properties: { role: { enum: ["leader", "moment"] }, else: name },
      required: ["role", "else"],
      additionalProperties: false,
    },
  ],
} as const;

const positive = { type: "integer", minimum: 1 } as const;
/** How far a wall clock is turned: by a century at most, so that it is exact and can be set back. */
const CENTURY_US = 36_525 * DAY_US;
const shift = { type: "integer", minimum: -CENTURY_US, maximum: CENTURY_US } as const;
/** Which edge is a question only of answers; said in a way that every mistake is told for what it is. */
const moment = {
  type: "object",
  properties: {
    moment: { enum: ["ack", "leader"] },
    edge: { enum: ["before", "after"] },
    nth: positive,
  },
  required: ["moment", "nth"],
  additionalProperties: false,
  if: { properties: { moment: { const: "ack" } } },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: { properties: { edge: {} }, required: ["edge"] },
  else: { properties: { moment: {}, nth: {} }, additionalProperties: false },
} as const;
const timed = { id: count, atUs: count, untilUs: count } as const;
const clients = { type: "boolean" } as const;
const onLinks = { from: names, to: names, clients } as const;

/** One shape of fault: its own fields beside those that every fault has. */
function fault(kind: string, own: object, optional: object = {}): object {
  return {
    type: "object",
    properties: { kind: { const: kind }, ...timed, on: moment, ...own, ...optional },
    required: ["kind", ...Object.keys(timed), ...Object.keys(own)],
    additionalProperties: false,
  };
}

export const faultShapes: { [kind: string]: object } = {
  delay: fault("delay", { delayUs: count, jitterUs: count }, onLinks),
  loss: fault("loss", { ppm }, onLinks),
  duplicate: fault("duplicate", { ppm }, onLinks),
  reorder: fault("reorder", { ppm, byUs: count }, onLinks),
  bandwidth: fault("bandwidth", { bytesPerSecond: { type: "integer", minimum: 1 } }, onLinks),
  clog: fault("clog", {}, onLinks),
  hold: fault("hold", { nth: positive }, { type: name, ...onLinks }),
  priorities: fault(
    "priorities",
    {
      salt: count,
      // Their product stays an exact time.
      levels: { type: "integer", minimum: 1, maximum: 10_000 },
      stepUs: { type: "integer", minimum: 0, maximum: DAY_US },
      changes: { type: "array", items: positive },
    },
    onLinks,
  ),
  corrupt: fault("corrupt", { ppm }, onLinks),
  reset: fault("reset", {}, onLinks),
  crash: fault("crash", { target }),
  pause: fault("pause", { target }),
  wipe: fault("wipe", { target }),
  slow: fault("slow", { target, costUs: { ...positive, maximum: DAY_US } }),
  leave: fault("leave", { target }, { wipe: { type: "boolean" } }),
  // Who joins is known before anything happens, and away from then on: no role, no moment.
  join: {
    type: "object",
    properties: { kind: { const: "join" }, ...timed, atUs: { const: 0 }, target: name },
    required: ["kind", ...Object.keys(timed), "target"],
    additionalProperties: false,
  },
  "lost-fsync": fault("lost-fsync", { target }),
  "torn-write": fault("torn-write", { target }),
  "bit-rot": fault("bit-rot", { target, ppm }),
  "misdirected-write": fault("misdirected-write", { target, nth: positive }),
  "read-error": fault("read-error", { target, ppm }),
  "disk-full": fault("disk-full", { target }),
  "slow-disk": fault("slow-disk", {
    target,
    addUs: { type: "integer", minimum: 0, maximum: DAY_US },
  }),
  equivocate: fault("equivocate", { target, ppm }, { clients }),
  lie: fault("lie", { target, ppm }, { clients }),
  mute: fault("mute", { target }, { to: names, clients }),
  "clock-step": fault("clock-step", { target, byUs: shift }),
  "clock-rate": fault("clock-rate", { target, ppm: { type: "integer", minimum: -1_000_000 } }),
  "clock-strobe": fault("clock-strobe", {
    target,
    byUs: shift,
    periodUs: { type: "integer", minimum: 1 },
  }),
  "clock-slew": fault("clock-slew", {
    target,
    byUs: shift,
    // A clock that runs more than all of a second a second slow would run backwards.
    ppm: { type: "integer", minimum: 1, maximum: 1_000_000 },
  }),
  "clock-freeze": fault("clock-freeze", { target }),
  "clock-leap": fault(
    "clock-leap",
    { target },
    { smearUs: { type: "integer", minimum: 1_000_000, maximum: DAY_US } },
  ),
};

/** A partition has one of three shapes; the field that it has tells which was meant. */
export const partitionShapes: { [field: string]: object } = {
  groups: fault("partition", { shape: name, groups: { type: "array", items: names, minItems: 1 } }),
  pairs: fault("partition", {
    shape: name,
    pairs: { type: "array", items: { type: "array", items: name, minItems: 2, maxItems: 2 } },
  }),
  isolate: fault("partition", {
    shape: name,
    isolate: target,
    direction: { enum: ["in", "out", "both"] },
  }),
};
