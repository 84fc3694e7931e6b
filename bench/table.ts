/** Prints measurements as an aligned table on stdout. */

export type Row = { [column: string]: string | number };

export function table(title: string, rows: readonly Row[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => String(row[column]).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => cell.padEnd(widths[i] as number)).join("  ");
  const body = rows.map((row) => line(columns.map((column) => String(row[column]))));
  process.stdout.write(`\n${title}\n${line(columns)}\n${body.join("\n")}\n`);
}
