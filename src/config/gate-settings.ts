/** The `gate` part of a configuration: each setting is one option of `faultline gate`, which wins over it. */

import { UsageError } from "../base/errors.js";
import { unknownName } from "../base/names.js";

export interface GateSettings {
  /** Which systems get fresh seeds, by name. */
  systems?: string[];
  workloads?: string[];
  nemesis?: string[];
  /** Fresh seeds go beyond what the systems promise to survive. */
  beyond?: boolean;
  /** The budget of real time for everything, such as "120s". */
  time?: string;
  /** `SYSTEM:BUG`, or "none". */
  canary?: string;
  /** The folder of the saved cases. */
  cases?: string;
  /** The file of the groups that are known to fail. */
  baseline?: string;
}

const lists: readonly string[] = ["systems", "workloads", "nemesis"];
const switches: readonly string[] = ["beyond"];
const texts: readonly string[] = ["time", "canary", "cases", "baseline"];

/** @throws UsageError for a setting that does not exist or is of another kind. */
export function checkedGateSettings(settings: unknown, file: string): GateSettings {
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) {
    throw new UsageError(`${file}: "gate" is not an object of settings`);
  }
  for (const [name, value] of Object.entries(settings)) {
    if (lists.includes(name)) {
      if (isListOfTexts(value)) continue;
      throw new UsageError(`${file}: gate.${name} is not a list of names`);
    }
    if (switches.includes(name)) {
      if (typeof value === "boolean") continue;
      throw new UsageError(`${file}: gate.${name} is not true or false`);
    }
    if (!texts.includes(name)) {
      const known = [...lists, ...switches, ...texts];
      throw new UsageError(`${file}: gate: ${unknownName("setting", name, known)}`);
    }
    if (typeof value === "string" && value !== "") continue;
    throw new UsageError(`${file}: gate.${name} is not a text`);
  }
  return settings as GateSettings;
}

function isListOfTexts(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry) => typeof entry === "string" && entry !== "")
  );
}
