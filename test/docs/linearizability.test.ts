/** The page about linearizability: complete, and what it shows is what one gets. */

import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { types } from "../../checkers/index.js";
import { faultline, root, scratch } from "../cli/faultline.js";

const page = readFileSync(join(root, "docs/linearizability.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| `"));

/** Fenced blocks of a language. */
function blocks(language: string): string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, found, text]) =>
    found === language ? [text!] : [],
  );
}

/** What a console block promises: a command, and all that it prints. */
const consoles = blocks("console").map((block) => {
  const [command, ...output] = block.trimEnd().split("\n");
  return { command: command!.slice("$ ".length), output: output.join("\n") };
});

/** Names that the definitions of anomalies give. */
function anomalyNames(): Set<string> {
  const folder = join(root, "checkers/linearizability/anomalies");
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/\btype: "([a-z-]+)"/g)].map(([, name]) => name!)),
  );
}

describe("the page about linearizability", () => {
  it.each([...types.values()])("tells the functions and aliases of $name", (type) => {
    const row = rows.find((line) => line.startsWith(`| \`${type.name}\` | \``))!;
    for (const f of [...type.functions, ...Object.keys(type.aliases)]) {
      expect(row).toContain(`\`${f}\``);
    }
  });

  it.each([...types.values()])("tells what decides about $name, and in how many steps", (type) => {
    for (const { name, complexity } of type.algorithms) {
      const decides = rows.filter((line) => line.includes(`| ${name} | ${complexity} |`));
      expect(decides.some((line) => line.split("|")[1]!.includes(`\`${type.name}\``))).toBe(true);
    }
  });

  it("defines every name of an anomaly", () => {
    const names = anomalyNames();
    expect(names).toContain("new-old-inversion");
    for (const name of names) {
      expect(rows.filter((line) => line.split("|")[1]!.includes(`\`${name}\``))).toHaveLength(1);
    }
  });

  it("shows verdicts as they are given", async () => {
    const cwd = scratch();
    cpSync(join(root, "histories/examples"), join(cwd, "histories/examples"), { recursive: true });
    const checks = consoles.filter(({ command }) => command.startsWith("npx faultline "));
    expect(checks.length).toBeGreaterThan(1);
    for (const { command, output } of checks) {
      const { stdout } = await faultline(command.split(" ").slice(2), { cwd });
      expect(stdout).toBe(output);
    }
  });

  it("has a model of one's own that does what is shown", async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, "node_modules"));
    symlinkSync(root, join(cwd, "node_modules/faultline"));
    writeFileSync(join(cwd, "tank.mjs"), blocks("js").join("\n"));
    const shown = consoles.find(({ command }) => command === "node tank.mjs")!;
    const { stdout } = await execa(process.execPath, ["tank.mjs"], { cwd });
    expect(stdout).toBe(shown.output);
  });
});
