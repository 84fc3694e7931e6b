/** What Faultline tests in this project, and how its gate judges pull requests. */

import { defineConfig } from "faultline";
import register from "./faultline/systems/register.ts";

export default defineConfig({
  systems: [register],
  gate: { systems: ["my-register"], time: "60s" },
});
