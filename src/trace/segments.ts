// Which files of a ring are read, and which of them as one: those of a capture that follow each other. Files that hold nothing that
// matters are passed over where there are many of them side by side.
import { goesOn, type Member } from './rotation-members.js'

/**
 * To go on behind files that were passed over, what exists there is read, which costs about as much as the indexes of so many
 * files.
 */
const FAR = 8

/** Files that are read as one, in order; at least one. */
export type Segment = readonly Member[]

/** matters: whether a file holds anything that does. The first file is always read. */
export function segmentsOf(
  members: readonly Member[],
  matters: (m: Member) => boolean,
): { segments: Segment[]; passedOver: Member[] } {
  const segments: Segment[] = []
  const passedOver: Member[] = []
  let present: Member[] = []
  /** files behind those of the present segment, of which it is not known whether more that matters follows soon */
  let between: Member[] = []
  const end = () => {
    if (present.length > 0) segments.push(present)
    passedOver.push(...between)
    present = []
    between = []
  }
  for (const [i, m] of members.entries()) {
    const before = members[i - 1]
    if (before !== undefined && !goesOn(before, m)) end()
    if (i === 0 || matters(m)) {
      present.push(...between, m)
      between = []
    } else {
      between.push(m)
      if (between.length === FAR || present.length === 0) end()
    }
  }
  end()
  return { segments, passedOver }
}
