// Groups the files of a rotation into segments: consecutive files of a capture are read as one. Runs of files without
// relevant rows are skipped if they are long enough.
import { continues, type Member } from './rotation-members.js'

/**
 * Minimum number of files to skip. After a skip the snapshot must be read, which costs about as much as this many
 * indexes.
 */
const MIN_SKIP = 8

/** Consecutive files that are read as one; at least one. */
export type Segment = readonly Member[]

/** isRelevant: whether a file may have relevant rows. The first file is always read. */
export function segmentsOf(
  members: readonly Member[],
  isRelevant: (m: Member) => boolean,
): { segments: Segment[]; skippedFiles: Member[] } {
  const segments: Segment[] = []
  const skippedFiles: Member[] = []
  let current: Member[] = []
  /** files after those of the current segment: skipped unless a relevant one follows soon */
  let between: Member[] = []
  const end = () => {
    if (current.length > 0) segments.push(current)
    skippedFiles.push(...between)
    current = []
    between = []
  }
  for (const [i, m] of members.entries()) {
    const before = members[i - 1]
    if (before !== undefined && !continues(before, m)) end()
    if (i === 0 || isRelevant(m)) {
      current.push(...between, m)
      between = []
    } else {
      between.push(m)
      if (between.length === MIN_SKIP || current.length === 0) end()
    }
  }
  end()
  return { segments, skippedFiles }
}
