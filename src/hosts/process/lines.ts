/**
 * Bytes in, lines out, in bounded memory: a line longer than the limit is dropped up to its end and
 * counted, even when its end never comes.
 */

const NEWLINE = 0x0a;

export class LineReader {
  readonly #lengthMax: number;
  readonly #line: (text: string) => void;
  readonly #tooLong: () => void;
  #parts: Buffer[] = [];
  #length = 0;
  /** Inside a line that is too long: drop until its end. */
  #dropping = false;

  /** `tooLong` is told of a line as soon as it exceeds `lengthMax` bytes. */
  constructor(options: { lengthMax: number; line(text: string): void; tooLong(): void }) {
    this.#lengthMax = options.lengthMax;
    this.#line = (text) => options.line(text);
    this.#tooLong = () => options.tooLong();
  }

  /** O(bytes). */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end));
      this.end();
      start = end + 1;
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
  }

  /** What has come so far counts as a line, unless it is empty. */
  end(): void {
    if (this.#length > 0) {
      const [first] = this.#parts;
      const whole = this.#parts.length === 1 ? (first as Buffer) : Buffer.concat(this.#parts);
      this.#line(whole.toString("utf8"));
    }
    this.#parts = [];
    this.#length = 0;
    this.#dropping = false;
  }

  #add(bytes: Buffer): void {
    if (this.#dropping) return;
    if (this.#length + bytes.length > this.#lengthMax) {
      this.#dropping = true;
      this.#parts = [];
      this.#length = 0;
      this.#tooLong();
      return;
    }
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
}
