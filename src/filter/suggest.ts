// "Did you mean": the valid name nearest to a wrong one.

const LONGEST = 64

/**
 * Number of insertions, deletions, replacements and swaps of neighbours that turn a into b; `limit` + 1 if it is more
 * than `limit`.
 */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let d = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, (before[j - 2] as number) + 1)
      next.push(d)
      if (d < least) least = d
    }
    if (least > limit) return limit + 1
    before = row
    row = next
  }
  return row[b.length] as number
}

/** The candidate nearest to `wrong`, if one is near enough to be a likely typo. */
export function nearest(wrong: string, candidates: Iterable<string>): string | undefined {
  if (wrong.length > LONGEST) return undefined
  const lower = wrong.toLowerCase()
  let best: string | undefined
  let limit = wrong.length < 4 ? 1 : Math.min(4, Math.max(2, Math.floor(wrong.length / 3)))
  for (const c of candidates) {
    if (c.length > LONGEST) continue
    const d = distance(lower, c.toLowerCase(), limit)
    if (d > limit || (best !== undefined && d === limit)) continue
    best = c
    limit = d
    if (d === 0) break
  }
  return best
}

/** ` (did you mean X?)` or nothing. */
export function didYouMean(wrong: string, candidates: Iterable<string>): string {
  const n = nearest(wrong, candidates)
  return n === undefined ? '' : ` (did you mean ${n}?)`
}
