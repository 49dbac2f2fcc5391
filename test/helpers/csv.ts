// A reader of CSV according to RFC 4180. Throws if a line violates it.

/** Rows of cells; null is an empty cell, '' one with empty quotes. */
export function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = []
  let row: (string | null)[] = []
  let at = 0
  while (at < text.length) {
    row.push(cell())
    if (text[at] === ',') {
      at++
      if (at === text.length || text.startsWith('\r\n', at)) row.push(null)
      else continue
    }
    if (!text.startsWith('\r\n', at)) throw new Error(`line ${rows.length + 1} does not end as it should`)
    at += 2
    rows.push(row)
    row = []
  }
  const width = rows[0]?.length
  const odd = rows.findIndex((r) => r.length !== width)
  if (odd >= 0) throw new Error(`line ${odd + 1} has ${rows[odd]?.length} cells, the first ${width}`)
  return rows

  function cell(): string | null {
    if (text[at] !== '"') {
      const plain = /[^",\r\n]*/y
      plain.lastIndex = at
      const found = plain.exec(text)?.[0] as string
      at += found.length
      return found === '' ? null : found
    }
    const quoted = /"((?:[^"]|"")*)"/y
    quoted.lastIndex = at
    const found = quoted.exec(text)
    if (found === null) throw new Error(`line ${rows.length + 1} has a quote that is not closed`)
    at += found[0].length
    return (found[1] as string).replaceAll('""', '"')
  }
}

/** Rows by the names of the header. */
export function csvObjects(text: string): Record<string, string | null>[] {
  const [head = [], ...rows] = readCsv(text)
  return rows.map((r) => Object.fromEntries(head.map((name, i) => [name as string, r[i] as string | null])))
}
