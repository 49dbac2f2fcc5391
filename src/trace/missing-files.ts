// Files of a capture that are gone from between others: a capture numbers its files, and the end of each has its number.
import { type Named, namesOf, withFile } from '../source/rotation-files.js'
import type { Damage } from '../source/source.js'
import { isSameRun, type Member } from './rotation-members.js'
import { type Origin, tailOf } from './tail.js'

/**
 * What is missing between files that are in order, each with the file behind the hole. What a pattern leaves out is not
 * missing, and before the first file of a capture nothing is: the oldest ones are removed as they are meant to be.
 */
export async function missingFiles(members: readonly Member[], named: Named): Promise<Damage[]> {
  const pairs = members.slice(1).map((m, i) => [members[i] as Member, m] as const)
  const holes = pairs.filter(([before, m]) => between(before, m).length > 0)
  if (holes.length === 0) return []
  const others = named.anyKind ? [] : await leftOutBy(named)
  return holes.flatMap(([before, m]) => {
    const there = new Set(others.filter((origin) => isSameRun({ origin }, m)).map(({ nth }) => nth))
    const count = between(before, m).filter((nth) => !there.has(nth)).length
    if (count === 0) return []
    const files = count === 1 ? '1 file before it is missing' : `${count} files before it are missing`
    return [{ file: m.path, offset: 0, what: `${files}${lostBetween(before, m)}` }]
  })
}

/** The numbers of the files between two; none where they are of two captures, or do not tell. */
function between(before: Member, m: Member): number[] {
  const { nth: from } = before.origin
  const { nth: to } = m.origin
  if (from === undefined || to === undefined || to - from < 2 || !isSameRun(before, m)) return []
  // a number in a damaged file may be anything
  return Array.from({ length: Math.min(to - from - 1, MOST) }, (_, i) => from + 1 + i)
}

/** files that are looked for in one hole */
const MOST = 1 << 16

/** Of which captures the files are that a pattern does not name. */
async function leftOutBy({ folder, matches }: Named): Promise<Origin[]> {
  const names = namesOf({ folder, matches: (name) => !matches(name), anyKind: true })
  const origins: Origin[] = []
  for (const name of names) {
    const tail = await withFile(folder, name, tailOf)
    if (tail !== undefined) origins.push(tail.origin)
  }
  return origins
}

/** What was recorded between two files, as far as their ends tell. */
function lostBetween(before: Member, m: Member): string {
  const from = before.tail?.contents?.last
  const to = m.tail?.contents?.first
  const [a, b] = [before.tail?.summary, m.tail?.summary]
  if (from === undefined || to === undefined) return ''
  const seconds = `: ${Math.max(0, (to - from) / 1e9).toFixed(3)} s`
  if (typeof a !== 'object' || typeof b !== 'object' || a.numMax === undefined || b.numMin === undefined) return seconds
  const [first, last] = [a.numMax + 1 + before.shift.num, b.numMin - 1 + m.shift.num]
  return first > last ? seconds : `${seconds}, the events from ${first} to ${last}`
}
