/** docs/catalogue.md has every system with its facts, and shows commands that there are. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { withFacts } from "../../bench/catalogue.js";
import { nemeses } from "../../nemeses/index.js";
import { families, type System, systems } from "../../systems/index.js";

const page = readFileSync("docs/catalogue.md", "utf8");

/** What `npx faultline campaign …` asks for, and the anomaly that its comment names. */
function commandsOf(section: string) {
  return [...section.matchAll(/^npx faultline campaign (\S+)(.*)$/gm)].map((match) => {
    const [words = "", anomaly] = (match[2] ?? "").split(/ +# /);
    const option = (name: string) => new RegExp(` --${name} (\\S+)`).exec(words)?.[1];
    const [bug, nemesis, workload] = [option("bug"), option("nemesis"), option("workload")];
    return { system: match[1], bug, nemesis, workload, anomaly };
  });
}

function sectionOf({ name }: System): string {
  const sections = page.split(/^(?=#{2,3} )/m);
  return sections.find((section) => section.startsWith(`### \`${name}\``)) ?? "";
}

test("the facts are what the systems declare: if not, npm run bench -- catalogue", () => {
  expect(withFacts(page)).toBe(page);
});

test("there are sections of the systems that there are, once each, by family", () => {
  const told = page
    .split(/^## /m)
    .slice(1)
    .map((part) => [
      part.split("\n")[0]?.toLowerCase(),
      [...part.matchAll(/^### `(.+)`$/gm)].map(([, name]) => name),
    ]);
  const expected = [...families].map(([family, members]) => [
    family.toLowerCase(),
    members.map(({ name }) => name),
  ]);
  expect(told).toEqual(expected);
});

describe.each([...systems.values()].map((system) => [system.name, system] as const))(
  "the section of %s",
  (name, system) => {
    const section = sectionOf(system);
    const commands = commandsOf(section);

    test("has its options and its bugs", () => {
      for (const option of Object.keys(system.options))
        expect(section).toContain(`| \`${option}\` |`);
      for (const bug of Object.keys(system.bugs)) expect(section).toContain(`\`${bug}\``);
    });

    test("shows it silent, and a bug of it if it has one", () => {
      expect(commands.map((command) => command.system)).toEqual(commands.map(() => name));
      const shown = commands.map(({ bug }) => bug !== undefined);
      expect(shown).toEqual(Object.keys(system.bugs).length > 0 ? [false, true] : [false]);
    });

    test("looks for the bug as it is found, and names an anomaly that it declares", () => {
      for (const { bug = "", nemesis = "swarm", workload, anomaly } of commands) {
        if (bug === "") continue;
        const about = system.bugs[bug];
        expect(about?.anomalies).toContain(anomaly);
        expect([nemesis, workload]).toEqual([about?.nemesis ?? "swarm", about?.workload]);
        expect([...nemeses.keys()]).toContain(nemesis);
      }
    });
  },
);
