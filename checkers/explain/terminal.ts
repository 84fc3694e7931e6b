/**
 * Text for terminals: what would command them is escaped, and how many columns the rest takes.
 * Columns as most terminals have them (Unicode's East Asian Width, by script): good enough to keep a
 * drawing straight, not a typesetter's measure.
 */

const COMMANDING = /[\p{C}\p{Zl}\p{Zp}]/gu;
const WITHOUT_WIDTH = /^[\p{Mn}\p{Me}]$/u;
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]$/u;

/** Controls, what changes the direction of text, halves of characters: as \u0007. */
export function harmless(text: string): string {
  return text.replace(COMMANDING, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** Of one character. */
export function columnsOf(character: string): 0 | 1 | 2 {
  if (character <= "~") return 1;
  return WITHOUT_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** As it is, or cut to so many columns with "..." at its end. */
export function cutTo(text: string, columnsMax: number): string {
  if (widthOf(text) <= columnsMax) return text;
  let kept = "";
  let width = 0;
  for (const character of text) {
    width += columnsOf(character);
    if (width > columnsMax - 3) break;
    kept += character;
  }
  return `${kept}...`;
}
