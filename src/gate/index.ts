/** What a change must pass: see gate.ts. */

export { formatBaseline, type KnownGroup, parseBaseline } from "./baseline.js";
export { type Canary, type CanaryResult, canaryFrom, canarySpec, usualCanary } from "./canary.js";
export { type CaseResult, type Got, readCases, type SavedCase } from "./cases.js";
export { type Clock, realClock } from "./clock.js";
export { commitOf, firstSeedOf, headOf } from "./commit.js";
export {
  type CampaignControl,
  type GateGroup,
  type GateOutcome,
  type GateRequest,
  type GateTools,
  runGate,
} from "./gate.js";
export { type FailureGroup, type Found, kindsOf, type ShrunkFailure } from "./groups.js";
export { marked, unmarked } from "./mark.js";
export { saveGroup, slugOf } from "./saved.js";
export { shrinkFailure } from "./shrink-failure.js";
