// Detects missing files of a capture: a capture numbers its files, and the end block of each has its number.
import { type Named, namesOf, withFile } from '../source/rotation-files.js'
import type { Damage } from '../source/source.js'
import { isSameRun, type Member } from './rotation-members.js'
import { type Origin, tailOf } from './tail.js'

/**
 * Reports gaps between files, each with the file after the gap. `members` are in order. Files that the pattern excludes are
 * not missing. Files before the first one are not either, since rotation removes the oldest files.
 */
export async function missingFiles(members: readonly Member[], named: Named): Promise<Damage[]> {
  const pairs = members.slice(1).map((m, i) => [members[i] as Member, m] as const)
  const gaps = pairs.filter(([before, m]) => numbersBetween(before, m).length > 0)
  if (gaps.length === 0) return []
  const others = named.anyKind ? [] : await originsOutside(named)
  return gaps.flatMap(([before, m]) => {
    const present = new Set(others.filter((origin) => isSameRun({ origin }, m)).map(({ nth }) => nth))
    const count = numbersBetween(before, m).filter((nth) => !present.has(nth)).length
    if (count === 0) return []
    const files = count === 1 ? '1 file before it is missing' : `${count} files before it are missing`
    return [{ file: m.path, offset: 0, what: `${files}${lostBetween(before, m)}` }]
  })
}

/** The numbers of the files between two; empty if they are of different captures or have no numbers. */
function numbersBetween(before: Member, m: Member): number[] {
  const { nth: from } = before.origin
  const { nth: to } = m.origin
  if (from === undefined || to === undefined || to - from < 2 || !isSameRun(before, m)) return []
  // the number in a damaged file can be anything
  return Array.from({ length: Math.min(to - from - 1, MAX_NUMBERS) }, (_, i) => from + 1 + i)
}

/** limit of the file numbers checked in one gap */
const MAX_NUMBERS = 1 << 16

/** Origins of the files in the folder that the pattern does not match. */
async function originsOutside({ folder, matches }: Named): Promise<Origin[]> {
  const names = namesOf({ folder, matches: (name) => !matches(name), anyKind: true })
  const origins: Origin[] = []
  for (const name of names) {
    const tail = await withFile(folder, name, tailOf)
    if (tail !== undefined) origins.push(tail.origin)
  }
  return origins
}

/** The time span and events missing between two files, as far as their end blocks have them. */
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
