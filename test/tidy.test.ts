// biome-ignore-all lint/suspicious/noTemplateCurlyInString: made-up code is the matter here
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  checkersKnowHistoriesOnly,
  fewLines,
  filesIntroduceThemselves,
  importsPointDown,
  noAmbientEffects,
  noCircles,
  noEscapeFromTypes,
  noInexactMaths,
  noPathOfThisMachine,
  noTestLeftOut,
  nothingLeftToDo,
  type Rule,
} from "./tidy/rules.js";
import { allSources, projectRoot, type Source, source } from "./tidy/source.js";

const house = allSources();

function documents(): Source[] {
  const inDocs = readdirSync(join(projectRoot, "docs"), { recursive: true, encoding: "utf8" });
  return [...readdirSync(projectRoot), ...inDocs.map((file) => join("docs", file))]
    .filter((file) => file.endsWith(".md") || file.endsWith(".json"))
    .map((path) => source(path, readFileSync(join(projectRoot, path), "utf8")));
}

/** What a rule finds in files that are made up: pairs of path and text. */
function found(rule: Rule, ...files: readonly (readonly [path: string, text: string])[]): string[] {
  return rule(files.map(([path, text]) => source(path, text)));
}

describe("the house", () => {
  test("is found", () => {
    const paths = house.map(({ path }) => path);
    expect(paths).toContain("src/sim/kernel.ts");
    expect(paths).toContain("test/tidy.test.ts");
    expect(paths).toContain("vitest.config.ts");
    expect(paths.length).toBeGreaterThan(100);
  });

  test("has no file of more than 600 lines", () => {
    expect(fewLines(house)).toEqual([]);
  });

  test("has no circle of imports, those of types included", () => {
    expect(noCircles(house)).toEqual([]);
  });

  test("has floors, and imports point down", () => {
    expect(importsPointDown(house)).toEqual([]);
  });

  test("has checkers that know histories only", () => {
    expect(checkersKnowHistoriesOnly(house)).toEqual([]);
  });

  test("touches the world outside in the rooms made for it only", () => {
    expect(noAmbientEffects(house)).toEqual([]);
  });

  test("decides with exact numbers", () => {
    expect(noInexactMaths(house)).toEqual([]);
  });

  test("keeps to its types", () => {
    expect(noEscapeFromTypes(house)).toEqual([]);
  });

  test("leaves no test out", () => {
    expect(noTestLeftOut(house)).toEqual([]);
  });

  test("puts nothing off", () => {
    expect(nothingLeftToDo(house)).toEqual([]);
  });

  test("names no path of the machine it was built on", () => {
    const rule = noPathOfThisMachine(projectRoot, homedir());
    expect(rule([...house, ...documents()])).toEqual([]);
  });

  test("says at the head of each file what it is", () => {
    expect(filesIntroduceThemselves(house)).toEqual([]);
  });
});

describe("the rule", () => {
  test("of few lines counts them", () => {
    expect(found(fewLines, ["src/a.ts", "x;\n".repeat(600)])).toEqual([]);
    expect(found(fewLines, ["src/a.ts", "x;\n".repeat(601)])).toEqual([
      "src/a.ts has 601 lines: at most 600",
    ]);
  });

  test("against circles finds them through several files and through types", () => {
    expect(
      found(
        noCircles,
        ["src/a.ts", 'import { b } from "./b.js";'],
        ["src/b.ts", 'export * from "./deep/c.js";'],
        ["src/deep/c.ts", 'import type { A } from "../a.js";'],
        ["src/d.ts", 'import { b } from "./b.js";'],
      ),
    ).toEqual(["src/a.ts -> src/b.ts -> src/deep/c.ts -> src/a.ts"]);
    expect(
      found(
        noCircles,
        ["src/a.ts", 'import { b } from "./b.js";\nimport { c } from "./c.js";'],
        ["src/b.ts", 'import { c } from "./c.js";'],
        ["src/c.ts", ""],
      ),
    ).toEqual([]);
  });

  test("of floors knows what is above what", () => {
    const imports = (path: string, specifier: string): string[] =>
      found(importsPointDown, [path, `import type { X } from "${specifier}";`]);
    const allowed: [string, string][] = [
      ["src/cli/a.ts", "../campaign/b.js"],
      ["src/controller/a.ts", "../../systems/index.js"],
      ["systems/a.ts", "../src/hosts/ts/node.js"],
      ["checkers/a.ts", "../histories/index.js"],
      ["src/index.ts", "./cli/main.js"],
      ["test/a.test.ts", "../src/cli/main.js"],
      ["histories/a.ts", "ajv"],
    ];
    for (const [path, specifier] of allowed) expect(imports(path, specifier)).toEqual([]);
    const forbidden: [string, string, string][] = [
      ["src/campaign/a.ts", "../cli/b.js", "src/cli/b.ts"],
      ["src/controller/a.ts", "../store/b.js", "src/store/b.ts"],
      ["src/sim/a.ts", "../controller/b.js", "src/controller/b.ts"],
      ["checkers/a.ts", "../src/sim/b.js", "src/sim/b.ts"],
      ["histories/a.ts", "../checkers/b.js", "checkers/b.ts"],
      ["src/random/a.ts", "../plan/b.js", "src/plan/b.ts"],
      ["src/base/a.ts", "../index.js", "src/index.ts"],
      ["src/sim/a.ts", "../../test/b.js", "test/b.ts"],
    ];
    for (const [path, specifier, target] of forbidden) {
      expect(imports(path, specifier)).toEqual([`${path}:1 imports ${target}, which is above it`]);
    }
    expect(imports("src/attic/a.ts", "ajv")).toEqual([
      "src/attic/a.ts is on no floor: give its folder one",
    ]);
  });

  test("of checkers stops what is below them, too", () => {
    const imports = (specifier: string): string[] =>
      found(checkersKnowHistoriesOnly, ["checkers/a.ts", `import { x } from "${specifier}";`]);
    for (const specifier of ["./b.js", "../histories/index.js", "../src/base/json.js", "ajv"]) {
      expect(imports(specifier)).toEqual([]);
    }
    for (const specifier of ["../src/random/random.js", "../src/plan/plan.js"]) {
      expect(imports(specifier)).toHaveLength(1);
    }
  });

  test("against ambient effects knows them by their looks", () => {
    const effects = (text: string, path = "systems/a.ts"): string[] =>
      found(noAmbientEffects, [path, text]);
    const forbidden = [
      "const at = Date.now();",
      "const at = new Date();",
      "const at = Date();",
      "performance.now();",
      "setTimeout(go, 5);",
      "setImmediate(go);",
      "Math.random() < 0.5;",
      "crypto.randomUUID();",
      "globalThis.crypto.getRandomValues(bytes);",
      'fetch("http://localhost");',
      "process.env;",
      "process.hrtime();",
      "console.log(1);",
      "a.localeCompare(b);",
      "new Intl.NumberFormat();",
      'await import("./late.js");',
      'import { readFileSync } from "node:fs";',
      'import { createHash } from "node:crypto";',
      "const text = `${Date.now()}`;",
    ];
    for (const text of forbidden) expect([text, effects(text).length]).toEqual([text, 1]);
    const allowed = [
      "new Date(context.clock.wallMs());",
      "x instanceof Date;",
      "operation.process.on;",
      "history.set(process, 1);",
      "const { process } = operation;",
      "context.random.int(5);",
      "this.setTimeout(5);",
      '// Date.now() is forbidden\nconst text = "Date.now()";',
      "/* setTimeout() */ const pattern = /Math.random/;",
      "const text = `Date.now() ${a} setTimeout()`;",
    ];
    for (const text of allowed) expect([text, effects(text)]).toEqual([text, []]);
  });

  test("against ambient effects knows the rooms made for them", () => {
    const uses = (path: string, text: string): number =>
      found(noAmbientEffects, [path, text]).length;
    for (const path of ["src/cli/a.ts", "src/hosts/process/a.ts", "test/a.ts", "bench/a.ts"]) {
      expect([path, uses(path, 'import "node:fs";\nDate.now();')]).toEqual([path, 0]);
    }
    expect(uses("src/sim/kernel.ts", "setImmediate(slice);")).toBe(0);
    expect(uses("src/sim/kernel.ts", "Date.now();")).toBe(1);
    expect(uses("src/sim/queue.ts", "setImmediate(slice);")).toBe(1);
    expect(uses("src/hosts/ts/ts-host.ts", "Date.now();")).toBe(1);
    const hash = 'import { createHash } from "node:crypto";';
    expect(uses("src/controller/a.ts", hash)).toBe(0);
    expect(uses("src/controller/a.ts", hash.replace("createHash", "randomBytes"))).toBe(1);
  });

  test("of exact numbers knows what is inexact", () => {
    const maths = (text: string, path = "src/sim/a.ts"): number =>
      found(noInexactMaths, [path, text]).length;
    for (const name of ["log", "log2", "exp", "expm1", "pow", "sin", "atan2", "cbrt", "tanh"]) {
      expect([name, maths(`Math.${name}(x);`)]).toEqual([name, 1]);
    }
    for (const name of ["floor", "max", "imul", "clz32", "sqrt", "sign"]) {
      expect([name, maths(`Math.${name}(x);`)]).toEqual([name, 0]);
    }
    expect(maths("Math.log(x);", "src/cli/a.ts")).toBe(0);
  });

  test("of types finds every way around them", () => {
    const escapes = (text: string): number => found(noEscapeFromTypes, ["src/a.ts", text]).length;
    const comment = (word: string): string => `// @ts-${word}\nx();`;
    const forbidden = [
      "let x: any;",
      "f(x as any);",
      "const m = new Map<string, any>();",
      "type T = any[];",
      "let x: string | any = 1;",
      ...["ignore", "nocheck", "expect-error"].map(comment),
    ];
    for (const text of forbidden) expect([text, escapes(text)]).toEqual([text, 1]);
    const allowed = [
      "// any of them",
      'f("any");',
      "Promise.any(list);",
      "x = { any: 1 };",
      "many;",
    ];
    for (const text of allowed) expect([text, escapes(text)]).toEqual([text, 0]);
  });

  test("of tests finds those left out", () => {
    const left = (text: string): number => found(noTestLeftOut, ["test/a.test.ts", text]).length;
    for (const call of ["test.only", "it.skip", "describe.skip", "test.each.only", "it.todo"]) {
      expect([call, left(`${call}("x", f);`)]).toEqual([call, 1]);
    }
    for (const call of ["test", "it.each(x)", "describe.skipIf(x)", "it.skipIf(y)"]) {
      expect([call, left(`${call}("x", f);`)]).toEqual([call, 0]);
    }
  });

  test("of promises finds them in comments, too", () => {
    for (const word of ["TO" + "DO", "FIX" + "ME"]) {
      expect(found(nothingLeftToDo, ["src/a.ts", `// ${word}: later`])).toEqual([
        "src/a.ts:1 puts something off",
      ]);
    }
    expect(found(nothingLeftToDo, ["src/a.ts", "const todos = methodOf(x);"])).toEqual([]);
  });

  test("of paths finds those of this machine and those that look like one's own", () => {
    const rule = noPathOfThisMachine("/srv/build/faultline", "/var/me");
    const homes = ["home", "me", "x"].map((part) => `/${part}`).join("");
    const own = ["/srv/build/faultline/x", "see /var/me/notes", `open("${homes}")`];
    for (const text of own) expect([text, found(rule, ["a.md", text]).length]).toEqual([text, 1]);
    const anywhere = ["/usr/bin/env node", "/tmp/x", "src/root/x", "https://host/home/x"];
    for (const text of anywhere) expect([text, found(rule, ["a.md", text])]).toEqual([text, []]);
  });

  test("of introductions finds a file without one", () => {
    expect(found(filesIntroduceThemselves, ["src/a.ts", "export const x = 1;"])).toEqual([
      "src/a.ts:1 does not say what it is",
    ]);
    expect(found(filesIntroduceThemselves, ["src/a.ts", "/** X. */\nexport const x = 1;"])).toEqual(
      [],
    );
    expect(found(filesIntroduceThemselves, ["test/a.test.ts", "test();"])).toEqual([]);
  });
});

describe("what the rules read", () => {
  const code = (text: string): string => source("a.ts", text).code;

  test("is code without comments and the contents of literals, line for line", () => {
    expect(code("f(\"a//b\", 'c'); // d\ng();")).toBe("f(\"    \", ' ');     \ng();");
    expect(code("/* a\nb */ c")).toBe("    \n     c");
    expect(code("`a${b + `c${d}e`}f` / g")).toBe("` ${b + ` ${d} `} ` / g");
    expect(code("`${{ a: 1 }.a}b`")).toBe("`${{ a: 1 }.a} `");
    expect(code('x = /["/]\\/"/.test(y) / z; "q"')).toBe('x = /       /.test(y) / z; " "');
    expect(code('"a\\"b" + c')).toBe('"    " + c');
  });

  test("has all imports: of values, types, everything, for effect, late, and passed on", () => {
    const text = [
      'import a, { type B } from "./a.js";',
      "import type {\n  C,\n} from './c.js';",
      'import "./effect.js";',
      'export { d } from "./d.js";',
      'export * from "./e.js";',
      'const f = await import("./f.js");',
      "const no = 'import x from \"./text.js\"';",
      'export const from = "./constant.js";',
    ].join("\n");
    const { imports } = source("src/x.ts", text);
    expect(imports.map(({ specifier }) => specifier)).toEqual([
      "./a.js",
      "./c.js",
      "./effect.js",
      "./d.js",
      "./e.js",
      "./f.js",
    ]);
    expect(imports.map(({ line }) => line)).toEqual([1, 2, 5, 6, 7, 8]);
  });
});
