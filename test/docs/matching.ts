// Compares what a command of an example printed with what the page shows.

/** A number with its unit, a time of day, an address in hexadecimal. */
const NUMBER = /0x[0-9a-f]+|\d[\d.,:]*(?:\s?(?:ns|us|ms|s|m|h|[KMGT]i?B?|B|%)(?![A-Za-z]))?|-{3,}/g

/** A regular expression for an expected line. loose: numbers and the width of columns may differ. */
function pattern(line: string, loose: boolean): RegExp {
  if (!loose) return new RegExp(`^${escaped(line)}$`)
  const parts: string[] = []
  let at = 0
  for (const { 0: number, index } of line.matchAll(NUMBER)) {
    parts.push(blanks(line.slice(at, index)), number.startsWith('---') ? '-{3,}' : LOOSE)
    at = index + number.length
  }
  return new RegExp(`^\\s*${parts.join('')}${blanks(line.slice(at))}\\s*$`)
}

const LOOSE = '(?:0x[0-9a-f]+|-?\\d[\\d.,:]*(?:\\s?(?:ns|us|ms|s|m|h|[KMGT]i?B?|B|%)(?![A-Za-z]))?)'
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
/** Blanks at the margin of a number or between words may be more or fewer. */
const blanks = (text: string): string =>
  text
    .split(/\s+/)
    .map(escaped)
    .join('\\s+')
    .replace(/^\\s\+|\\s\+$/g, '\\s*')

/**
 * How many of the expected lines occur in the output, in order: all of them if it matches. exact: the output has no further lines.
 * `...` matches any lines.
 */
export function matched(expected: readonly string[], output: readonly string[], loose: boolean, exact = true): number {
  const patterns = expected.map((line) => (line === '...' ? undefined : pattern(line, loose)))
  let best = 0
  const seen = new Set<number>()
  const match = (e: number, o: number): boolean => {
    best = Math.max(best, e)
    if (e === patterns.length) return !exact || o === output.length
    const key = e * (output.length + 1) + o
    if (seen.has(key)) return false
    seen.add(key)
    const p = patterns[e]
    if (p === undefined) {
      if (e === patterns.length - 1) return match(e + 1, output.length)
      for (let next = o; next <= output.length; next++) if (match(e + 1, next)) return true
      return false
    }
    return o < output.length && p.test(output[o] as string) && match(e + 1, o + 1)
  }
  const all = match(0, 0)
  return all ? expected.length : Math.min(best, expected.length - 1)
}

/** Asserts that the output matches; the error shows the first expected line that does not, and the output. */
export function expectOutput(where: string, expected: readonly string[], output: string, loose: boolean): void {
  const lines = output.replace(/\n$/, '').split('\n')
  const given = output === '' ? [] : lines
  const count = matched(expected, given, loose)
  if (count === expected.length) return
  throw new Error(
    `${where}: line ${count + 1} of the expected output (${expected[count] ?? 'its end'}) was not printed.\nPrinted:\n${output}`,
  )
}
