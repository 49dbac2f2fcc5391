// Comparison of tables of chisels: rows with equal values may be in any order, and of equal ones at the end
// any may be shown.

/** The part of a table before its value ends: chisels pad columns to 20. */
const VALUE = 20

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly [value: string, rest: string])[]
}

/** Parses a printed table; undefined if the text is none. */
export function parseTable(lines: readonly string[]): Table | undefined {
  if (lines[1] === undefined || !/^-{80}$/.test(lines[1])) return undefined
  const split = (l: string) => [l.slice(0, VALUE).trim(), l.slice(VALUE).trim()] as const
  return { head: (lines[0] as string).split(/ {2,}/), rows: lines.slice(2).map(split) }
}

/** Rows that only one side has; those of sysdig that `leftOut` names do not count. */
export function tableDifferences(all: Table, mine: Table, leftOut: (rest: string) => boolean): string[] {
  const counted = (t: Table) => ({ head: t.head, rows: t.rows.filter(([, rest]) => !leftOut(rest)) })
  const theirs = counted(all)
  const rest = counted(mine)
  // rows that moved up in place of the excluded ones cannot be compared
  const places = theirs.rows.length === all.rows.length ? rest.rows.length : theirs.rows.length
  const ours = { head: rest.head, rows: rest.rows.slice(0, places) }
  const out: string[] = []
  if (theirs.head.join('|') !== ours.head.join('|')) out.push(`titles: ${theirs.head} / ${ours.head}`)
  if (theirs.rows.length !== ours.rows.length) out.push(`rows: ${theirs.rows.length} / ${ours.rows.length}`)
  const last = theirs.rows.at(-1)?.[0]
  const full = all.rows.length >= 10
  const key = (r: readonly [string, string]) => (full && r[0] === last ? `${r[0]} (last)` : r.join(' | '))
  const found = new Map<string, number>()
  for (const r of ours.rows) found.set(key(r), (found.get(key(r)) ?? 0) + 1)
  for (const r of theirs.rows) {
    const n = found.get(key(r)) ?? 0
    if (n === 0) out.push(`sysdig: ${key(r)}`)
    else found.set(key(r), n - 1)
  }
  for (const [k, n] of found) if (n > 0) out.push(`ksys: ${k}`)
  return out
}
