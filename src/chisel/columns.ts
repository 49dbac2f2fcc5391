// Rows of text under titles, for chisels that show everything at once.

/** A column: what stands above it, and the least cells it takes with the blank behind it. */
export type ColumnSpec = readonly [title: string, width: number]

/** Cells of a terminal on which rows are kept to the least widths, so that they stay on their lines. */
const NARROW = 80

/**
 * Lines of a table, the titles first. Columns are as wide as their widest value; on a narrow terminal values are cut at
 * the width of their column. The last column has no width.
 */
export function columnLines(
  specs: readonly ColumnSpec[],
  rows: readonly (readonly string[])[],
  room: number,
): string[] {
  const last = specs.length - 1
  const widths = specs.map(([title, width], i) =>
    room <= NARROW || i === last
      ? width
      : rows.reduce((w, r) => Math.max(w, (r[i] as string).length + 1), Math.max(width, title.length + 1)),
  )
  const line = (cells: readonly string[]) =>
    cells.map((c, i) => (i === last ? c : fit(c, widths[i] as number))).join('')
  return [line(specs.map(([title]) => title)), ...rows.map(line)]
}

function fit(text: string, width: number): string {
  return text.length >= width ? `${text.slice(0, width - 1)} ` : text.padEnd(width)
}
