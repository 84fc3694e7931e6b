/**
 * The user's own project: `faultline.config.ts` (or .js, .mjs, .json …) and systems given as files.
 *
 * TypeScript is read as it is, without a build step (c12 and jiti). The ambient fence is raised
 * first, so that a module that captures `Date.now` when it loads holds the fenced one.
 */

import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { type OwnSystem, systems as registered, type System } from "../../systems/index.js";
import { UsageError } from "../base/errors.js";
import { unknownName } from "../base/names.js";
import { raise } from "../hosts/ts/ambient.js";
import { checkedSystem } from "./check-system.js";
import { checkedGateSettings, type GateSettings } from "./gate-settings.js";
import { aliasesFor } from "./own-package.js";

/** What a configuration file exports by default. */
export interface Config {
  /** The user's own systems, beside the registered ones. */
  systems?: OwnSystem[];
  /** What `faultline gate` does when its command line does not say otherwise. */
  gate?: GateSettings;
}

/** A configuration with what its systems left out filled in. */
export interface LoadedConfig {
  systems: System[];
  gate?: GateSettings;
}

/** Gives a configuration file its type. */
export function defineConfig(config: Config): Config {
  return config;
}

/** Where to look; plain data, so that workers can load the same. */
export interface ConfigSource {
  cwd: string;
  /** `--config FILE`; without it, faultline.config.* in `cwd` if there is one. */
  file?: string;
}

/** @throws UsageError when the file is missing, does not load, or is not a configuration. */
export async function loadConfig({ cwd, file }: ConfigSource): Promise<LoadedConfig> {
  raise();
  if (file !== undefined && !existsSync(resolve(cwd, file))) {
    throw new UsageError(`${file}: no such configuration file`);
  }
  if (
    file === undefined &&
    !readdirSync(cwd).some((name) => name.startsWith("faultline.config."))
  ) {
    return { systems: [] };
  }
  // Loaded only when needed: it would double the time that every command takes to start.
  const { loadConfig: loadWithC12 } = await import("c12");
  const loaded = await loadWithC12<Config>({
    name: "faultline",
    cwd,
    ...(file === undefined ? {} : { configFile: resolve(cwd, file) }),
    rcFile: false,
    globalRc: false,
    packageJson: false,
    dotenv: false,
    jitiOptions: { alias: aliasesFor(resolve(cwd, file ?? "faultline.config.ts")) },
  }).catch((error: unknown) => {
    throw new UsageError(`${file ?? "faultline.config"}: does not load: ${oneLine(error)}`);
  });
  return checkedConfig(loaded.config ?? {}, file ?? "faultline.config");
}

function checkedConfig(config: unknown, file: string): LoadedConfig {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new UsageError(`${file}: its default export is not a configuration object`);
  }
  const settings = ["systems", "gate"];
  const unknown = Object.keys(config).find((name) => !settings.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`${file}: ${unknownName("setting", unknown, settings)}`);
  const { systems = [], gate } = config as Config;
  if (!Array.isArray(systems)) throw new UsageError(`${file}: "systems" is not a list`);
  return {
    systems: systems.map((system, i) => checkedSystem(system, `${file}: systems[${i}]`)),
    ...(gate === undefined ? {} : { gate: checkedGateSettings(gate, file) }),
  };
}

/**
 * A system by name (the user's own first), or from a file whose default export it is.
 * @throws UsageError when there is none.
 */
export async function findSystem(
  name: string,
  config: LoadedConfig,
  source: ConfigSource,
): Promise<System> {
  if (/[/\\]|\.[cm]?[jt]s$/.test(name)) return systemFromFile(name, source);
  const own = new Map(config.systems.map((system) => [system.name, system]));
  const found = own.get(name) ?? registered.get(name);
  if (found !== undefined) return found;
  throw new UsageError(unknownName("system", name, [...own.keys(), ...registered.keys()]));
}

async function systemFromFile(file: string, { cwd }: ConfigSource): Promise<System> {
  raise();
  const path = resolve(cwd, file);
  if (!existsSync(path)) throw new UsageError(`${file}: no such file`);
  const { createJiti } = await import("jiti");
  const module = await createJiti(path, { alias: aliasesFor(path) })
    .import<unknown>(path, { default: true })
    .catch((error: unknown) => {
      throw new UsageError(`${file}: does not load: ${oneLine(error)}`);
    });
  return { ...checkedSystem(module, `${file}: its default export`), name: file };
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replace(/\s+/g, " ").trim();
}
