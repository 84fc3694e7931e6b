/** Explanations of failures: the document, and the same for people. */

export { type ExplainRequest, explain, explainDefaults } from "./explain.js";
export type { Explanation } from "./explanation.js";
export { type ExplainRow, explainRows } from "./rows.js";
export { explanationSchema } from "./schema.js";
export { explanationText } from "./text.js";
