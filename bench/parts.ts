/** The parts of a bench that were asked for by name; all of them where none is named. */

/** Undefined after a name that there is not, which is told. */
export function wantedParts<Part extends string>(
  named: readonly string[],
  parts: readonly Part[],
): ((part: Part) => boolean) | undefined {
  const strange = named.find((name) => !parts.some((known) => known === name));
  if (strange !== undefined) {
    process.stderr.write(`no part "${strange}": there are ${parts.join(", ")}\n`);
    process.exitCode = 2;
    return undefined;
  }
  return (part) => named.length === 0 || named.includes(part);
}
