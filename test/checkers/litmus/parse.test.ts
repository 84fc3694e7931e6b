/** Tests written by hand, none from a collection. */

import { describe, expect, test } from "vitest";
import { holds } from "../../../checkers/litmus/judge.js";
import { parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import type { LitmusTest } from "../../../checkers/litmus/program.js";

/** One thread of these instructions in a test of x86. */
function x86(instructions: string, more: { init?: string; condition?: string } = {}): LitmusTest {
  const { init = "", condition = "exists (x=1)" } = more;
  const rows = instructions.split("\n").map((row) => ` ${row} ;`);
  return parseLitmus(`X86 T\n{${init}}\n P0 ;\n${rows.join("\n")}\n${condition}\n`, "t.litmus");
}

function x64(instructions: string, condition = "exists (x=1)"): LitmusTest {
  return parseLitmus(`X86_64 T\n{}\n P0 ;\n ${instructions} ;\n${condition}`, "t.litmus");
}

const constant = (value: number) => ({ kind: "constant", value }) as const;
const register = (place: number) => ({ kind: "register", register: place }) as const;

describe("header", () => {
  test("the first line is architecture and name, with what else people write there", () => {
    const text =
      'X86 a+b/c.d-2 (texname) "a doc (* string {"\n"another\none";\nCycle=Fre PodWR\n{} P0; ;';
    const { architecture, name, header } = parseLitmus(text, "t");
    expect([architecture, name]).toEqual(["X86", "a+b/c.d-2"]);
    expect([...header]).toEqual([["Cycle", "Fre PodWR"]]);
  });

  test("entries keep their values, empty ones, too", () => {
    const { header } = parseLitmus("X86_64 n\nCom=Rf Fr\nRelax=\nOrig=A=B\n{\n}\n P0 ;\n ;", "t");
    expect(Object.fromEntries(header)).toEqual({ Com: "Rf Fr", Relax: "", Orig: "A=B" });
  });

  test("comments nest, and are skipped everywhere, as are trailers", () => {
    const text =
      "(* first *) X86 n\n(* outer (* inner *) { \" *)\n{ x=1; (* y=2; *) }\n P0 (* | P1 *) ;\n MOV [x],(* 3 *)$2 ;\nexists (x=2 (* /\\ x=3 *))\n<<\nshow 'everything' @ #\n>>";
    const { locations, values, threads } = parseLitmus(text, "t");
    expect([locations, values]).toEqual([["x"], ["0", "1", "2"]]);
    expect(threads).toEqual([[{ op: "store", location: 0, value: constant(2) }]]);
  });

  test("lines may end as on Windows, and a byte order mark may come first", () => {
    const text = "\uFEFFX86 n\r\n{\r\n}\r\n P0 ;\r\n MFENCE ;\r\nexists (x=0)\r\n";
    expect(parseLitmus(text, "t").threads).toEqual([[{ op: "fence" }]]);
  });
});

describe("initial state", () => {
  const initial = (init: string): { [name: string]: string } => {
    const { locations, initial, values } = x86("MFENCE", { init, condition: "forall true" });
    return Object.fromEntries(locations.map((name, i) => [name, values[initial[i]!]!]));
  };

  test("locations have a value, a type, both or neither", () => {
    expect(initial("x=1; [y]=2; uint64_t z; int w=3; int [v] = 4; u; _Atomic int *p = 0;")).toEqual(
      {
        x: "1",
        y: "2",
        z: "0",
        w: "3",
        v: "4",
        u: "0",
        p: "0",
      },
    );
  });

  test("it may be empty, and its last item may end with a semicolon or not", () => {
    expect([initial(""), initial(" ; "), initial("x=1"), initial("x=1;")]).toEqual([
      {},
      {},
      { x: "1" },
      { x: "1" },
    ]);
  });

  test("registers are named by process, with and without P and type", () => {
    const { registers, values } = x86("MOV [x],EAX\nMOV [x],EBX\nMOV [x],ECX", {
      init: "0:EAX=5; P0:EBX=6; uint64_t 0:rcx=7;",
    });
    expect(registers.map((own) => own.map((value) => values[value]))).toEqual([["5", "6", "7"]]);
  });

  test("values are decimal, hexadecimal or negative, and up to 64 bits", () => {
    const text =
      "X86_64 n\n{x=0x1F; y=007; z=-1; a=0xffffffffffffffff; b=0x0101010101010101;} P0 ;\n movq $1,(x) ;";
    const { locations, initial, values } = parseLitmus(text, "t");
    expect(locations.map((name, i) => `${name}=${values[initial[i]!]}`)).toEqual([
      "x=31",
      "y=7",
      "z=-1",
      "a=-1",
      "b=72340172838076673",
    ]);
  });
});

describe("program", () => {
  test("columns are threads, rows end with semicolons, cells may be blank or missing", () => {
    const text = "X86 n {} P0 | P1 | P2 ;\n MOV [x],$1 | | MFENCE ;\n | MFENCE ;\n ;\nexists (x=1)";
    expect(parseLitmus(text, "t").threads.map((thread) => thread.map(({ op }) => op))).toEqual([
      ["store"],
      ["fence"],
      ["fence"],
    ]);
  });

  test("a thread may have nothing to do", () => {
    const { threads, registers } = parseLitmus("X86 n {x=1;} P0 | P1 ;\nexists (x=1)", "t");
    expect([threads, registers]).toEqual([
      [[], []],
      [[], []],
    ]);
  });

  test("labels may stand before instructions", () => {
    expect(x86("L0: MFENCE\nL1:\nL2: L3: MFENCE").threads[0]).toHaveLength(2);
  });

  test("X86 names the destination first", () => {
    const { threads } = x86(
      "MOV [x],$1\nmov [x], 2\nMOV (x),EAX\nMOV EBX,[y]\nMOV EBX,$2\nMOV EAX,EBX\nXCHG [x],EAX\nXCHG EAX,[x]",
    );
    expect(threads[0]).toEqual([
      { op: "store", location: 0, value: constant(1) },
      { op: "store", location: 0, value: constant(2) },
      { op: "store", location: 0, value: register(0) },
      { op: "load", location: 1, register: 1 },
      { op: "move", register: 1, value: constant(2) },
      { op: "move", register: 0, value: register(1) },
      { op: "exchange", location: 0, register: 0 },
      { op: "exchange", location: 0, register: 0 },
    ]);
  });

  test("X86_64 names the destination last", () => {
    const { threads } = x64(
      "movq $1,(x) ; movl $2,[x] ; mov %rax,(x) ; movq (y),%rbx ; movq $2,%rbx ; movq %rbx,%rax ; xchgq %rax,(x) ; XCHGL (x),%eax",
    );
    expect(threads[0]).toEqual([
      { op: "store", location: 0, value: constant(1) },
      { op: "store", location: 0, value: constant(2) },
      { op: "store", location: 0, value: register(0) },
      { op: "load", location: 1, register: 1 },
      { op: "move", register: 1, value: constant(2) },
      { op: "move", register: 0, value: register(1) },
      { op: "exchange", location: 0, register: 0 },
      { op: "exchange", location: 0, register: 0 },
    ]);
  });

  test("lock cmpxchg compares with the accumulator, in either order of its operands", () => {
    const swap = {
      op: "compare-and-set",
      location: 0,
      register: 1,
      expected: register(1),
      value: register(0),
    };
    const written = [
      x86("LOCK CMPXCHG [x],ECX"),
      x64("lock cmpxchgq %rcx,(x)"),
      x64("lock cmpxchg (x),%ecx"),
      x64("lock ; cmpxchgl %ecx,(x)"),
    ];
    for (const { threads } of written) expect(threads).toEqual([[swap]]);
  });

  test("a locked exchange is an exchange", () => {
    expect(x64("lock xchgq %rax,(x)").threads).toEqual(x64("xchgq %rax,(x)").threads);
  });

  test("what changes nothing leaves nothing", () => {
    expect(x64("nop ; nopw 0(%rax,%rax,0) ; endbr64 ; lfence ; mfence").threads).toEqual([
      [{ op: "fence" }],
    ]);
  });

  test("all widths of a register are one, in either case", () => {
    const widths = ["al AX eax Rax", "sil SI esi rsi", "r8b r8w R8D r8", "r15b r15w r15d r15"];
    for (const names of widths) {
      const moves = names.split(" ").map((name) => `mov $1,%${name}`);
      expect(x64(moves.join(" ; ")).registers).toEqual([[0]]);
    }
    expect(x64("mov $1,%rax ; mov $1,%rbx ; mov $1,%r8 ; mov $1,%r9").registers).toEqual([
      [0, 0, 0, 0],
    ]);
  });
});

describe("condition", () => {
  const LETTERS = "a=1 b=1 c=1 d=1".split(" ");

  /** Which of the assignments of 0 and 1 to a, b, c and d it holds for, as a number. */
  function truth(text: string): number {
    const { proposition, observed, values } = x86("MFENCE", { condition: `exists ${text}` });
    let table = 0;
    for (let bits = 0; bits < 1 << LETTERS.length; bits++) {
      const state = observed.map(({ name }) =>
        values.indexOf(String((bits >> "abcd".indexOf(name[1]!)) & 1)),
      );
      if (holds(proposition, state)) table |= 1 << bits;
    }
    return table;
  }

  test.each([
    ["a=1 \\/ b=1 /\\ c=1", "a=1 \\/ (b=1 /\\ c=1)"],
    ["a=1 /\\ b=1 \\/ c=1", "(a=1 /\\ b=1) \\/ c=1"],
    ["a=1 /\\ b=1 => c=1", "a=1 /\\ (b=1 => c=1)"],
    ["a=1 => b=1 => c=1", "a=1 => (b=1 => c=1)"],
    ["a=1 => b=1", "~(a=1) \\/ b=1"],
    ["~a=1 /\\ b=1", "(~(a=1)) /\\ b=1"],
    ["not a=1 => b=1", "(not (a=1)) => b=1"],
    ["~ ~ a=1", "a=1"],
    ["a<>1", "~(a=1)"],
    ["[a]!=1 /\\ b==1", "not (a=1) /\\ b=1"],
    ["true /\\ a=1", "a=1 \\/ false"],
    ["(((a=1)))", "a=1"],
  ])("%s means %s", (text, meaning) => {
    expect(truth(text)).toBe(truth(meaning));
  });

  test("different bindings differ, so that the table above can fail", () => {
    expect(truth("a=1 /\\ (b=1 => c=1)")).not.toBe(truth("(a=1 /\\ b=1) => c=1"));
    expect(truth("(a=1 \\/ b=1) /\\ c=1")).not.toBe(truth("a=1 \\/ (b=1 /\\ c=1)"));
  });

  test.each([
    ["exists (x=1)", "exists", "exists (x=1)"],
    ["final (x=1);", "exists", "exists (x=1)"],
    ["(x=1)", "exists", "exists (x=1)"],
    ["~exists x=1", "~exists", "~exists x=1"],
    ["~  exists\n ( x=1\n /\\ y=2 )", "~exists", "~exists ( x=1 /\\ y=2 )"],
    ["not exists (x=1)", "~exists", "~exists (x=1)"],
    ["forall\n0:EAX=1", "forall", "forall 0:EAX=1"],
    ["", "forall", "forall (true)"],
  ])("%j is a condition", (text, quantifier, condition) => {
    const parsed = x86("MFENCE", { condition: text });
    expect([parsed.quantifier, parsed.condition]).toEqual([quantifier, condition]);
  });

  test("what other tools want to know after it is left aside", () => {
    const condition =
      "final (x=1);\nwith\n tso: ~exists;\n cc: exists;\n\n<<\n show 0 of ess 0\n>>\n<< >>";
    expect(x86("MFENCE", { condition }).condition).toBe("exists (x=1)");
  });

  test("variables are observed once, locations in brackets, registers as herd writes them", () => {
    const names = (parsed: LitmusTest): string[] => parsed.observed.map(({ name }) => name);
    const condition =
      "locations [y; 0:eax; x int;]\nexists (x=1 /\\ P0:EAX=0 /\\ 0:ebx=1 /\\ [y]=2)";
    expect(names(x86("MFENCE", { condition }))).toEqual(["[y]", "0:EAX", "[x]", "0:EBX"]);
    const wide = x64("movl (x),%eax", "exists (0:RAX=1 /\\ 0:eax=1)");
    expect(names(wide)).toEqual(["0:rax"]);
    expect(wide.registers).toEqual([[0]]);
  });

  test("variables that nothing else names start with 0 and stay", () => {
    const { locations, initial, registers, observed } = x86("MFENCE", {
      condition: "exists (z=0 /\\ 0:ESI=0)",
    });
    expect([locations, initial, registers]).toEqual([["z"], [0], [[0]]]);
    expect(observed.map(({ variable }) => variable)).toEqual([
      { kind: "location", location: 0 },
      { kind: "register", thread: 0, register: 0 },
    ]);
  });

  test("processes are found by their number, wherever their column is", () => {
    const text = "X86 n {} P1 | P0 ;\n MOV EAX,[x] | MOV [x],$1 ;\nexists (1:EAX=1)";
    const { threads, observed } = parseLitmus(text, "t");
    expect(threads.map(([first]) => first!.op)).toEqual(["load", "store"]);
    expect(observed[0]!.variable).toMatchObject({ thread: 0, register: 0 });
  });
});

describe("the notation for stores", () => {
  const store = (rows: string, condition = "exists (x=1)"): LitmusTest =>
    parseLitmus(`store T\n{}\n P0 ;\n${rows};\n${condition}`, "t.store");

  test("assignments and calls are the same statements", () => {
    const short = store("x := 1 ; r0 := x ; x := r0 ; r1 := r0 ; r1 := 2 ; fence");
    const long = store("w(x,1) ; r0 = r(x) ; w(x, r0) ; r1 = r0 ; r1 = 2 ; fence");
    expect(short.threads).toEqual([
      [
        { op: "store", location: 0, value: constant(1) },
        { op: "load", location: 0, register: 0 },
        { op: "store", location: 0, value: register(0) },
        { op: "move", register: 1, value: register(0) },
        { op: "move", register: 1, value: constant(2) },
        { op: "fence" },
      ],
    ]);
    expect(long.threads).toEqual(short.threads);
  });

  test("cas and swap give the old value", () => {
    expect(store("r0 := cas(x, 0, 1) ; r1 := cas(x, r0, r1) ; r2 := swap(x, 7)").threads).toEqual([
      [
        {
          op: "compare-and-set",
          location: 0,
          register: 0,
          expected: constant(0),
          value: constant(1),
        },
        {
          op: "compare-and-set",
          location: 0,
          register: 1,
          expected: register(0),
          value: register(1),
        },
        { op: "move", register: 2, value: constant(2) },
        { op: "exchange", location: 0, register: 2 },
      ],
    ]);
  });

  test("conditions name registers and keys as elsewhere", () => {
    const { observed } = store("r0 := x", "exists (0:r0=1 /\\ P0:r1=0 /\\ x=1 /\\ [key]=0)");
    expect(observed.map(({ name }) => name)).toEqual(["0:r0", "0:r1", "[x]", "[key]"]);
  });
});
