// Lines that are left out since a field of their format has no value, counted by field.

/** A field of a format, and how many lines it has left out so far. */
export interface Absence {
  readonly field: string
  lines: number
}

const number = (n: number): string => n.toLocaleString('en-US')

/** What to tell of lines that were left out; undefined where none were. format: as it was given. */
export function absenceSentence(absences: readonly Absence[], format: string): string | undefined {
  const byField = new Map<string, number>()
  for (const { field, lines } of absences) if (lines > 0) byField.set(field, (byField.get(field) ?? 0) + lines)
  if (byField.size === 0) return undefined
  const fields = [...byField].sort(([, a], [, b]) => b - a)
  const all = fields.reduce((sum, [, lines]) => sum + lines, 0)
  const which = fields.map(([field, lines]) => (fields.length === 1 ? field : `${field} (${number(lines)})`)).join(', ')
  const were = all === 1 ? '1 line was' : `${number(all)} lines were`
  return `${were} left out, since a field has no value there: ${which}; a leading * keeps them: -p '*${format}'`
}
