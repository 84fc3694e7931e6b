/** The settings without which a bug does not show, and who set them otherwise. */

import type { System } from "../../systems/index.js";
import type { Plan } from "../plan/plan.js";

/**
 * A line for each bug of the plan that says of itself that it needs another value of an option: it may
 * not show, and that no anomaly is found says nothing about it then.
 */
export function bugsSetApart(
  { bugs, options }: Pick<Plan, "bugs" | "options">,
  system: System,
): string[] {
  return bugs.flatMap((bug) =>
    Object.entries(system.bugs[bug]?.options ?? {})
      .filter(([name, needed]) => name in options && options[name] !== needed)
      .map(
        ([name, needed]) =>
          `warning: the bug ${bug} needs ${name}=${needed}, and may not show with ${name}=${options[name]}`,
      ),
  );
}
