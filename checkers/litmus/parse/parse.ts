/**
 * Reads litmus tests: herd's format for `X86` and `X86_64`, and `store`, the same skeleton with
 * statements for stores (Alglave, Maranget, Tautschnig: Herding Cats, TOPLAS 2014, and herdtools7's
 * grammars).
 *
 * Threads are columns split by `|`, rows end with `;`. Labels may stand before instructions, but
 * nothing jumps. Linear in the text's length.
 */

import type { Instruction, LitmusTest } from "../program.js";
import { atCondition, parseCondition } from "./condition.js";
import { parseHeader } from "./header.js";
import { parseInitial } from "./initial.js";
import { parseStore } from "./store.js";
import { Symbols } from "./symbols.js";
import { LitmusText } from "./text.js";
import { Tokens } from "./tokens.js";
import { parseX86 } from "./x86.js";

export { LitmusError } from "./litmus-error.js";

/**
 * The test that a file holds.
 * @param fileName for messages only.
 * @throws LitmusError naming line and column, for what is no test and for what is not supported.
 */
export function parseLitmus(text: string, fileName: string): LitmusTest {
  const source = new LitmusText(text, fileName);
  const { architecture, name, entries } = parseHeader(source);
  const symbols = new Symbols(architecture);
  const initial = new Tokens(source, source.open + 1, source.close);
  const named = parseInitial(initial, symbols);
  const tokens = new Tokens(source, source.close + 1, source.end);
  while (tokens.take(";"));
  const processes = parseProcesses(tokens);
  symbols.processes = processes;
  for (const { process, token } of named) symbols.column(initial, process, token);
  const threads = parseRows(tokens, symbols, processes);
  const condition = parseCondition(tokens, symbols);
  symbols.widths.check(tokens);
  const { locations, initial: values, registers } = symbols;
  return {
    architecture,
    name,
    header: entries,
    locations,
    initial: values,
    threads,
    registers,
    values: symbols.values,
    ...condition,
  };
}

/** The program's first row, `P0 | P1 ;`. */
function parseProcesses(tokens: Tokens): number[] {
  const numbers: number[] = [];
  do {
    const token = tokens.peek();
    if (token.kind !== "name" || !/^P\d+$/.test(token.text)) tokens.unexpected("P0, P1 and so on");
    const number = Number(tokens.next().text.slice(1));
    if (numbers.includes(number)) tokens.fail(`P${number} is there twice: number them`, token);
    numbers.push(number);
  } while (tokens.take("|"));
  tokens.expect(";");
  return numbers;
}

function parseRows(
  tokens: Tokens,
  symbols: Symbols,
  processes: readonly number[],
): Instruction[][] {
  const parseInstruction = symbols.architecture === "store" ? parseStore : parseX86;
  const threads: Instruction[][] = processes.map(() => []);
  while (!atCondition(tokens)) {
    let column = 0;
    do {
      while (tokens.peek().kind === "name" && tokens.sees(":", 1)) {
        tokens.next();
        tokens.next();
      }
      if (tokens.sees("|") || tokens.sees(";")) continue;
      const thread = threads[column];
      if (thread === undefined) {
        tokens.fail(`the row has more cells than there are processes: take out the last "|"`);
      }
      thread.push(...parseInstruction(tokens, symbols, processes[column]!));
    } while (tokens.take("|") && ++column > 0);
    if (!tokens.take(";")) tokens.unexpected('"|" or ";"');
  }
  return threads;
}
