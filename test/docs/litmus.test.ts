/** docs/litmus.md shows what the command really says. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { shortNames } from "../../src/litmus/models.js";
import { faultline, scratch } from "../cli/faultline.js";
import { writtenFile } from "../cli/recorded-files.js";

const page = readFileSync(new URL("../../docs/litmus.md", import.meta.url), "utf8");
const blocks = (kind: string): string[] =>
  [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].flatMap(([, of, text]) =>
    of === kind ? [text!] : [],
  );

const cwd = scratch();
const [sb, mp, fences] = blocks("litmus");
writtenFile(cwd, "SB.litmus", sb!);
writtenFile(cwd, "MP.store", mp!);
writtenFile(cwd, "fences.store", fences!);
writtenFile(cwd, "INC.litmus", sb!.replace("MOV [x],$1", "INC [x]   "));

describe("the page about litmus tests", () => {
  it.each(blocks("console").map((text) => text.trimEnd().split("\n")))(
    "shows what %s says",
    async (command, ...lines) => {
      const args = command!.replace("$ npx faultline ", "").split(" ");
      const { stdout, stderr } = await faultline(args, { cwd });
      // The last line of many tests tells how long they took.
      const said = `${stdout}\n${stderr}`.split("\n").filter((line) => !/tests?; /.test(line));
      expect(said.filter((line) => line !== "")).toEqual(lines);
    },
  );

  it("names all models, short names included", () => {
    for (const [model, short] of Object.entries(shortNames)) {
      expect(page).toContain(`| \`${model}\` |`);
      expect(page).toContain(`\`${short}\``);
    }
  });

  it("shows the document that scripts get", async () => {
    const { stdout } = await faultline(["litmus", "SB.litmus", "--json", "--model", "tso"], {
      cwd,
    });
    const shown = JSON.parse(blocks("json")[0]!);
    const [{ outcomes, ...rest }] = JSON.parse(stdout);
    expect(shown).toEqual({ ...rest, outcomes: outcomes.slice(0, 1) });
  });
});
