/**
 * The registers of x86. All widths of one register are the same register here; whether values fit
 * the widths that a test uses is checked where its values are known (widths.ts).
 */

export type Width = 8 | 16 | 32 | 64;

export interface X86Register {
  /** The name that all widths share. */
  readonly family: string;
  readonly width: Width;
}

const byName = new Map<string, X86Register>();

for (const letter of ["a", "b", "c", "d"]) {
  add(`r${letter}x`, [`${letter}l`, `${letter}x`, `e${letter}x`, `r${letter}x`]);
}
for (const name of ["si", "di", "bp", "sp"]) {
  add(`r${name}`, [`${name}l`, name, `e${name}`, `r${name}`]);
}
for (let i = 8; i < 16; i++) add(`r${i}`, [`r${i}b`, `r${i}w`, `r${i}d`, `r${i}`]);
for (const family of ["rip", "cs", "ds", "es", "fs", "gs", "ss"]) {
  byName.set(family, { family, width: 64 });
}

function add(family: string, names: readonly [string, string, string, string]): void {
  const widths: readonly Width[] = [8, 16, 32, 64];
  names.forEach((name, i) => {
    byName.set(name, { family, width: widths[i]! });
  });
}

/** In either case; undefined for what is none, and for the high bytes ah, bh, ch and dh. */
export function x86Register(name: string): X86Register | undefined {
  return byName.get(name.toLowerCase());
}
