import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LitmusError, parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import { UsageError } from "../../../src/base/errors.js";

function refusal(text: string): LitmusError {
  try {
    parseLitmus(text, "t.litmus");
  } catch (error) {
    if (error instanceof LitmusError) return error;
    throw error;
  }
  throw new Error("was read");
}

test("a refusal is one line with file, line and column, both counted from 1", () => {
  const error = refusal("X86 n\n{}\n P0 ;\n MOV EAX,[x] ;\n  INC [x] ;\nexists (x=1)");
  expect(error).toBeInstanceOf(UsageError);
  expect([error.file, error.line, error.column]).toEqual(["t.litmus", 5, 3]);
  expect(error.message).toBe(
    't.litmus:5:3: instruction "INC" is not read: read are mov, xchg, lock cmpxchg, mfence, lfence and nop',
  );
});

test("a comment before it does not shift a place", () => {
  const error = refusal(
    "X86 n (* of\ntwo lines *)\n{}\n P0 ;\n (* here *) INC [x] ;\nexists (x=1)",
  );
  expect([error.line, error.column]).toEqual([5, 13]);
});

/** Text, line and column, and a part of what is said. */
type Case = [text: string, line: number, column: number, said: string];

const program = (row: string, architecture = "X86"): string =>
  `${architecture} n\n{}\nP0;\n${row};\nexists (x=1)`;
const condition = (text: string): string => `X86 n\n{}\nP0;\nMFENCE;\n${text}`;

const cases: { [kind: string]: Case[] } = {
  header: [
    ["", 1, 1, "no initial state"],
    ["X86 n\nP0;\nMFENCE;\n", 1, 1, "put { … } between header and program"],
    ["AArch64 n\n{}\nP0;\n", 1, 1, '"AArch64" is not read'],
    ["\n\n{}\nP0;\n", 3, 1, "no architecture"],
    ["X86\n{}\nP0;\n", 1, 1, "no name: write one after X86"],
    ['X86 n "open\n{}\nP0;\n', 1, 7, "not closed"],
    ["X86 n (* (* *)\n{}\nP0;\n", 1, 7, "a comment is not closed"],
    ["X86 n\n { x=0;\nP0;\n", 2, 2, "the initial state is not closed"],
  ],
  "initial state": [
    ["X86 n\n{x=y;}\nP0;\n", 2, 4, "addresses are not read"],
    ["X86 n\n{0:EAX=x;}\nP0;\n", 2, 8, "addresses are not read"],
    ["X86 n\n{int t[2]={1,2};}\nP0;\n", 2, 7, "arrays are not read"],
    ["X86 n\n{x={1,2};}\nP0;\n", 2, 4, "arrays are not read"],
    ["X86 n\n{x=1 y=2}\nP0;\n", 2, 6, 'expected ;, not "y"'],
    ["X86 n\n{0:foo=1}\nP0;\n", 2, 4, '"foo" is no register of X86'],
    ["X86 n\n{3:EAX=1}\nP0;\nMFENCE;\n", 2, 2, "there is no process P3: the program has P0"],
    ["X86 n\n{x=0x10000000000000000}\nP0;\n", 2, 4, "needs more than 64 bits"],
  ],
  program: [
    ["X86 n\n{}\nMFENCE;\nexists (x=1)", 3, 1, 'expected P0, P1 and so on, not "MFENCE"'],
    ["X86 n\n{}\nP0 | P0 ;\n", 3, 6, "P0 is there twice"],
    [program("MFENCE | MFENCE"), 4, 10, "more cells than there are processes"],
    [program("MFENCE MFENCE"), 4, 8, 'expected "|" or ";", not "MFENCE"'],
    [program("MOV [x],[y]"), 4, 1, "memory to memory"],
    [program("MOV $1,EAX"), 4, 5, "the destination is a constant"],
    [program("MOV EAX"), 4, 8, "expected ,"],
    [program("MOV EAX,x"), 4, 9, '"x" is no register: a location is written [x] or (x)'],
    [program("MOV AH,$1"), 4, 5, '"AH" is no register'],
    [program("MOV EAX,[EBX]"), 4, 10, "addresses in registers are not read"],
    [program("movq 8(x),%rax", "X86_64"), 4, 6, "computed addresses are not read"],
    [program("CMPXCHG [x],ECX"), 4, 1, "write lock cmpxchg"],
    [program("LOCK MOV [x],ECX"), 4, 6, 'instruction "lock MOV" is not read'],
    [program("XCHG EAX,EBX"), 4, 1, "one location and one register"],
    [program("SFENCE"), 4, 1, "take mfence"],
    [program("JMP L0"), 4, 1, 'instruction "JMP" is not read'],
    [program("MOV [x],$1 # set"), 4, 12, '"#" has no meaning here'],
    [program("MOV EAX,$-1\n;MOV RBX,EAX"), 4, 9, "-1 is another value when cut to 32 bits"],
    [program("movb $200,%al", "X86_64"), 4, 6, "200 is another value when cut to 8 bits"],
    [program("movb $200,(x);movb $-56,(x)", "X86_64"), 4, 6, "write equal values alike"],
  ],
  condition: [
    [condition("exists (x=1"), 5, 12, "expected ), not the end"],
    [condition("exists x=1 y=2"), 5, 12, "the end of the condition"],
    [condition("exists (x=y)"), 5, 11, "compared to a number only"],
    [condition("exists (x=0:EAX)"), 5, 11, "compared to a number only"],
    [condition("exists (1:EAX=1)"), 5, 9, "there is no process P1"],
    [condition("filter (x=1)\nexists (x=1)"), 5, 1, "a filter is not applied"],
    [condition("observed x=1;"), 5, 1, "write exists"],
    [condition("~(x=1)"), 5, 2, 'expected exists, not "("'],
    [condition("locations [t[0];]\nexists (x=1)"), 5, 13, "arrays are not read"],
    [condition(`exists ${"~".repeat(2000)}x=1`), 5, 1009, "write it flatter"],
  ],
  "notation for stores": [
    [program("x := y", "store"), 4, 6, "read locations into registers"],
    [program("r0 := cas(r1, 0, 1)", "store"), 4, 11, '"r1" is a register'],
    [program("r0 := add(x, 1)", "store"), 4, 7, '"add(…)" is not read: r, cas and swap are'],
    [program("cas(x, 0, 1)", "store"), 4, 1, "only w(x, 1) stands alone"],
    [program("x 1", "store"), 4, 3, 'expected =, not "1"'],
    [program("1 := x", "store"), 4, 1, "expected a statement"],
  ],
};

describe.each(Object.entries(cases))("%s", (_, list) => {
  test.each(list)("%j is refused at %i:%i", (text, line, column, said) => {
    const error = refusal(text);
    expect(error.message).toContain(said);
    expect([error.line, error.column]).toEqual([line, column]);
  });
});

test("a value that one width tells apart is fine, negative or not", () => {
  expect(() => parseLitmus(program("MOV [x],$-1"), "t")).not.toThrow();
  expect(() => parseLitmus(program("movb $127,(x)", "X86_64"), "t")).not.toThrow();
  expect(() => parseLitmus(program("movb $-1,(x)", "X86_64"), "t")).not.toThrow();
});

test("widths of variables that have nothing to do with each other do not meet", () => {
  const apart = program("movb $-1,(x) ; movq $-1,(y)", "X86_64");
  const together = program("movb $-1,(x) ; movq (x),%rax", "X86_64");
  expect(() => parseLitmus(apart, "t")).not.toThrow();
  expect(refusal(together).message).toContain("-1 is another value when cut to 8 bits: use one");
});

describe("whatever is done to a text", () => {
  const whole = [
    'X86 n "doc"\nCycle=Fre (* note *)\n{ x=1; int [y]; 0:EAX=2; }\n P0 | P1 ;\n MOV [x],$1 | L0: XCHG [y],EBX ;\n LOCK CMPXCHG [x],ECX | MFENCE ;\nlocations [x; 0:EAX;]\n~exists (0:EAX=1 /\\ ~x=2 \\/ true => [y]=-1)\n<< end >>',
    "X86_64 n\n{ uint64_t x; 1:rax=0x10; }\n P0 | P1 ;\n movq $1,(x) | lock ; cmpxchgq %rcx,(x) ;\n nop | movl (y),%r8d ;\nforall (x=1 /\\ 1:r8=0)",
    "store n\n{ }\n P0 | P1 ;\n x := 1 | r0 := cas(x, 0, 1) ;\n w(y, 2) | r1 := swap(y, r0) ;\nexists (1:r0=1)",
  ];
  const snippets = [
    ...'(){}[];|:=~%$,*&<>"#\n\0é',
    "(*",
    "*)",
    ":=",
    "P7",
    "-1",
    "0x",
    "not",
    "with",
  ];
  const edits = fc.array(
    fc.record({ at: fc.nat(400), drop: fc.nat(12), put: fc.constantFrom("", ...snippets) }),
    { minLength: 1, maxLength: 6 },
  );

  test("it is read, or refused at a place in it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...whole), edits, (text, changes) => {
        const edited = changes.reduce(
          (now, { at, drop, put }) => now.slice(0, at) + put + now.slice(at + drop),
          text,
        );
        try {
          expect(parseLitmus(edited, "t").threads.length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof LitmusError)) throw error;
          expect(error.line).toBeLessThanOrEqual(edited.split("\n").length);
          expect(error.column).toBeLessThanOrEqual(edited.length + 1);
          expect(error.message).not.toContain("\n");
        }
      }),
      { numRuns: Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 2000) },
    );
  });
});
