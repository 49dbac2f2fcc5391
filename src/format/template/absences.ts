// Counts, by field, the lines that are omitted because a field of their format has no value.

/** A field of a format, and the number of lines omitted because of it. */
export interface Absence {
  readonly field: string
  lines: number
}

const number = (n: number): string => n.toLocaleString('en-US')

/** A sentence about omitted lines; undefined if there are none. format: as the user wrote it. */
export function absenceSentence(absences: readonly Absence[], format: string): string | undefined {
  const byField = new Map<string, number>()
  for (const { field, lines } of absences) if (lines > 0) byField.set(field, (byField.get(field) ?? 0) + lines)
  if (byField.size === 0) return undefined
  const fields = [...byField].sort(([, a], [, b]) => b - a)
  const all = fields.reduce((sum, [, lines]) => sum + lines, 0)
  const which = fields.map(([field, lines]) => (fields.length === 1 ? field : `${field} (${number(lines)})`)).join(', ')
  const were = all === 1 ? '1 line was' : `${number(all)} lines were`
  return `${were} omitted because a field has no value there: ${which}; a leading * keeps them: -p '*${format}'`
}
