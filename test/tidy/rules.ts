/** The house's own rules about its source files. Each takes the files and returns what breaks it. */

import { type Import, places, resolved, type Source } from "./source.js";

export type Rule = (sources: readonly Source[]) => string[];

const LINES_MAX = 600;

export const fewLines: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split("\n").length;
    return lines > LINES_MAX ? [`${path} has ${lines} lines: at most ${LINES_MAX}`] : [];
  });

/** Imports of types count, too: they tie files together for the reader all the same. */
export const noCircles: Rule = (sources) => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (source: Source, trail: readonly string[]): void => {
    const start = trail.indexOf(source.path);
    if (start >= 0) {
      circles.push([...trail.slice(start), source.path].join(" -> "));
      return;
    }
    if (done.has(source.path)) return;
    for (const one of source.imports) {
      const target = byPath.get(resolved(source, one) ?? "");
      if (target !== undefined) visit(target, [...trail, source.path]);
    }
    done.add(source.path);
  };
  for (const source of sources) visit(source, []);
  return circles;
};

/** Imports point down; what is on no floor (the tests, the benchmarks) stands above all. */
const floors: readonly (readonly [folder: string, floor: number])[] = [
  ["src/cli/", 5],
  ["src/campaign/", 4],
  ["src/shrink/", 4],
  ["src/explain/", 4],
  ["src/experiment/", 4],
  ["src/pacelc/", 4],
  ["experiments/", 4],
  ["src/gate/", 4],
  ["src/report/", 4],
  ["src/queue/", 4],
  ["src/check/", 4],
  ["src/litmus/", 4],
  ["src/store/", 4],
  ["src/config/", 4],
  ["src/controller/", 3],
  ["src/sim/", 2],
  ["src/hosts/", 2],
  ["systems/", 2],
  ["workloads/", 2],
  ["nemeses/", 2],
  ["strategies/", 2],
  ["checkers/", 1],
  ["src/plan/", 1],
  ["histories/", 0],
  ["src/random/", 0],
  ["src/base/", 0],
];
const ABOVE_ALL = [/^src\/index\.ts$/, /^(?:bench|test|scripts)\//, /^[^/]*\.ts$/];

function floorOf(path: string): number | undefined {
  if (ABOVE_ALL.some((pattern) => pattern.test(path))) return Number.POSITIVE_INFINITY;
  return floors.find(([folder]) => path.startsWith(folder))?.[1];
}

export const importsPointDown: Rule = (sources) =>
  sources.flatMap((source) => {
    const floor = floorOf(source.path);
    if (floor === undefined) return [`${source.path} is on no floor: give its folder one`];
    return source.imports.flatMap((one) => {
      const target = resolved(source, one);
      const below = target === undefined ? 0 : floorOf(target);
      if (below === undefined || below <= floor) return [];
      return [`${source.path}:${one.line} imports ${target}, which is above it`];
    });
  });

/** A checker must be usable alone, on a history from anywhere. */
export const checkersKnowHistoriesOnly: Rule = (sources) =>
  sources
    .filter(({ path }) => path.startsWith("checkers/"))
    .flatMap((source) =>
      source.imports.flatMap((one) => {
        const target = resolved(source, one);
        if (target === undefined || /^(?:checkers|histories|src\/base)\//.test(target)) return [];
        return [`${source.path}:${one.line} imports ${target}: a checker knows histories only`];
      }),
    );

/** Where the world outside may be touched: everywhere else it is out of reach. */
const roomsOfEffects = [
  /^src\/(?:cli|campaign|shrink|explain|gate|report|queue|check|store|config|litmus|hosts\/process)\//,
  /^src\/hosts\/ts\/ambient\.ts$/,
  // The schema compiler is loaded when a document is first read.
  /^src\/base\/(?:version|schema)\.ts$/,
  /^histories\/(?:read|read-columns|text-source)\.ts$/,
  /^(?:bench|test|scripts)\//,
  /^[^/]*\.ts$/,
];

const NODES_OWN =
  "argv|chdir|cpuUsage|cwd|env|exit|exitCode|hrtime|kill|memoryUsage|off|on|once|pid|platform|ppid|stderr|stdin|stdout|uptime|version|versions";

/** Effects by name, as they look in code. Local names such as a history's `process` pass. */
const effects: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["the clock", /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new\s+|[\w.])Date\(\s*\)/],
  ["the clock", /(?<![\w.])performance\s*\./],
  ["timers", /(?<![\w.#])(?:setTimeout|setInterval|setImmediate)\s*\(/],
  ["randomness", /\bMath\.random\b|(?<![\w.#])crypto\s*\.|\bglobalThis\.crypto\b/],
  ["the network", /(?<![\w.#])(?:fetch|WebSocket)\s*\(/],
  ["the process", new RegExp(`(?<![\\w.#])process\\s*\\.\\s*(?:${NODES_OWN})\\b`)],
  ["the console", /(?<![\w.#])console\s*\./],
  ["the locale", /\bIntl\.|\.toLocale\w*\(|\.localeCompare\(/],
  ["modules loaded late", /(?<![\w.#])(?:require|import)\s*\(/],
];

/** What single files may use nonetheless, and why. */
const permits: { readonly [path: string]: readonly string[] } = {
  // The loop starts from a macrotask, so that it can drain microtasks itself.
  "src/sim/kernel.ts": ["timers"],
  // Where the user's command line is read, and its program looked up.
  "src/controller/plan-bin.ts": ["the process"],
};

export const noAmbientEffects: Rule = (sources) =>
  sources
    .filter(({ path }) => !roomsOfEffects.some((room) => room.test(path)))
    .flatMap((source) => [
      ...effects
        .filter(([name]) => !permits[source.path]?.includes(name))
        .flatMap(([name, pattern]) =>
          places(source, source.code, pattern).map((place) => `${place} uses ${name}`),
        ),
      ...source.imports
        .filter((one) => one.specifier.startsWith("node:") && !isHash(source, one))
        .map(({ specifier, line }) => `${source.path}:${line} imports ${specifier}`),
    ]);

/** The controller names histories by their SHA-256; nothing in that is random. */
function isHash({ path }: Source, { specifier, clause }: Import): boolean {
  return (
    path.startsWith("src/controller/") && specifier === "node:crypto" && clause === "{ createHash }"
  );
}

/** Results of these are not promised to be equal, bit by bit, from one engine to another. */
export const noInexactMaths: Rule = (sources) =>
  sources
    .filter(({ path }) => (floorOf(path) ?? 0) <= 3)
    .flatMap((source) =>
      places(
        source,
        source.code,
        /\bMath\.(?:a?(?:cos|sin|tan)h?|atan2|cbrt|expm?1?|hypot|log(?:2|10|1p)?|pow)\b/,
      ).map((place) => `${place} uses inexact maths`),
    );

export const noEscapeFromTypes: Rule = (sources) =>
  sources.flatMap((source) => [
    ...places(source, source.code, /(?<![\w.#$])any\b(?!\s*[:(?])/).map(
      (place) => `${place} says any`,
    ),
    ...places(source, source.text, /@ts-(?:ignore|nocheck|expect-error)/).map(
      (place) => `${place} silences the compiler`,
    ),
  ]);

/** `skipIf` may stay: it says when. */
export const noTestLeftOut: Rule = (sources) =>
  sources.flatMap((source) =>
    places(source, source.code, /\b(?:describe|it|test)(?:\.\w+)*\.(?:only|skip|todo|fails)\b/).map(
      (place) => `${place} leaves tests out`,
    ),
  );

/** Put together here, so that this file does not break its own rule. */
const promises = ["TO" + "DO", "FIX" + "ME", "XX" + "X"];

export const nothingLeftToDo: Rule = (sources) =>
  sources.flatMap((source) =>
    places(source, source.text, new RegExp(`\\b(?:${promises.join("|")})\\b`)).map(
      (place) => `${place} puts something off`,
    ),
  );

/** Of sources and documents alike. */
export const noPathOfThisMachine =
  (root: string, home: string): Rule =>
  (sources) => {
    const own = [root, home].filter((path) => path.split("/").length > 2);
    const escaped = own.map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const homes = "(?:^|[\"'`\\s(=])/(?:home|Users|root|work)/[\\w.-]+";
    const pattern = new RegExp([homes, ...escaped].join("|"), "m");
    return sources.flatMap((source) =>
      places(source, source.text, pattern).map((place) => `${place} names a path of a machine`),
    );
  };

/** Tests may begin at once: their names say what they are about. */
export const filesIntroduceThemselves: Rule = (sources) =>
  sources
    .filter(({ path }) => !path.endsWith(".test.ts") && !/^[^/]*\.ts$/.test(path))
    .filter(({ text }) => !/^(?:#!.*\n)?\/\*\*/.test(text))
    .map(({ path }) => `${path}:1 does not say what it is`);
