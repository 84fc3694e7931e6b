import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseLitmus } from "../../checkers/litmus/parse/parse.js";
import { differences, digestOf, Expectations, type Found } from "../../src/litmus/expect.js";
import { litmusModel } from "../../src/litmus/models.js";
import { scratch } from "../cli/faultline.js";

const TABLE = [
  "name\tpath\tverdict_sc\tverdict_tso\tnstates_tso\tstates_sha_tso\tverdict_sra",
  "SB\ta/SB.litmus\tNever\tSometimes\t4\t0123456789\t",
  "SB\tb/c/SB.litmus\tAlways\t\t\t\tNever",
].join("\n");

const table = (text = TABLE): Expectations => new Expectations(text, "t.tsv");

const found = (verdict: Found["verdict"], states: number, digest = "0123456789"): Found => ({
  verdict,
  states,
  digest: () => digest,
});

describe("rows", () => {
  it("are found by how the file's path ends, whole names only", () => {
    const rows = table();
    expect(rows.row("/data/x/a/SB.litmus")?.get("verdict_sc")).toBe("Never");
    expect(rows.row("/data/b/c/SB.litmus")?.get("verdict_sc")).toBe("Always");
    expect(rows.row("/data/xa/SB.litmus")).toBeUndefined();
    expect(rows.row("/data/c/SB.litmus")).toBeUndefined();
  });

  it("are found from within the folder, too", () => {
    const folder = join(scratch(), "a");
    mkdirSync(folder);
    writeFileSync(join(folder, "SB.litmus"), "");
    expect(table().row(join(folder, ".", "SB.litmus"))).toBeDefined();
  });

  it("that nobody asked for are counted", () => {
    const rows = table();
    expect([rows.size, rows.unmet]).toEqual([2, 2]);
    rows.row("/a/SB.litmus");
    rows.row("/again/a/SB.litmus");
    expect(rows.unmet).toBe(1);
  });
});

describe("differences", () => {
  const row = table().row("/a/SB.litmus")!;

  it("are none where all that the row says was found", () => {
    expect(differences(row, "sc", found("forbidden", 3))).toEqual([]);
    expect(differences(row, "tso", found("allowed", 4))).toEqual([]);
  });

  it("are of the verdict, the number of states and their hash", () => {
    expect(differences(row, "tso", found("required", 5, "abcdef0123"))).toEqual([
      { what: "verdict", found: "required", expected: "allowed" },
      { what: "states", found: "5", expected: "4" },
      { what: "hash of the states", found: "abcdef0123", expected: "0123456789" },
    ]);
  });

  it("are none where the row says nothing", () => {
    expect(differences(row, "causal-convergence", found("allowed", 4))).toEqual([]);
    expect(differences(row, "pso", found("allowed", 4))).toEqual([]);
  });

  it("are found under the short names of models", () => {
    const other = table().row("/b/c/SB.litmus")!;
    expect(differences(other, "causal-convergence", found("allowed", 4))).toHaveLength(1);
  });
});

it("a table without paths, or with other words for verdicts, is refused with its line", () => {
  expect(() => table("name\tverdict_sc\nSB\tNever")).toThrow('t.tsv:1: no column "path"');
  expect(() => table("path\tverdict_sc\na\tNever\nb\tno")).toThrow(
    't.tsv:3: verdict_sc is "no": write Never, Sometimes or Always',
  );
  expect(() => Expectations.read("nowhere.tsv")).toThrow("nowhere.tsv: cannot be read (ENOENT)");
});

it("the hash is that of all states, each sorted, all sorted", () => {
  const test = parseLitmus("X86 t {} P0 ;\n MFENCE ;\nexists ([y]=1 /\\ 0:EAX=2 /\\ x=1)", "t");
  const place = (text: string): number => test.values.indexOf(text);
  const states = [
    [place("1"), place("2"), place("0")],
    [place("0"), place("1"), place("1")],
  ];
  // printf '0:EAX=1;[x]=1;[y]=0\n0:EAX=2;[x]=0;[y]=1' | sha1sum
  expect(digestOf(test, states)).toBe("d0780477e0");
});

it("models go by their names, short names and aliases, in either case", () => {
  expect(["sc", "SC", "sequential", "tso", "PSO"].map(litmusModel)).toEqual([
    "sc",
    "sc",
    "sc",
    "tso",
    "pso",
  ]);
  expect(["coherence", "coh", "cache"].map(litmusModel)).toEqual(Array(3).fill("coherence"));
  expect(["causal-convergence", "CCv", "ccv", "sra"].map(litmusModel)).toEqual(
    Array(4).fill("causal-convergence"),
  );
  expect(["linearizable", "causal", "rmo", ""].map(litmusModel)).toEqual(Array(4).fill(undefined));
});
