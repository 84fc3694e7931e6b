#!/usr/bin/env node
/** The command line's entry: parses, dispatches, and turns every outcome into an exit code. */

import { UsageError } from "../base/errors.js";
import { type ExitCode, exitCodes } from "./exit.js";
import { parse } from "./program.js";

main().then((code) => {
  process.exitCode = code;
});

async function main(): Promise<ExitCode> {
  try {
    return await parse(process.argv.slice(2));
  } catch (error) {
    const usage = error instanceof UsageError;
    process.stderr.write(`faultline: ${usage ? oneLine(error.message) : ownFault(error)}\n`);
    return usage ? exitCodes.usage : exitCodes.harness;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, "; ");
}

/** Our own failure in one line; with FAULTLINE_DEBUG, where it happened. */
function ownFault(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error && process.env["FAULTLINE_DEBUG"] ? `\n${error.stack}` : "";
  return `the harness itself failed: ${oneLine(text)}${stack}`;
}
