// When a trace in memory gets its next keyframe, which starts a segment: the size of segments limits how much is dropped at once and which
// share of the memory keyframes take.
import type { BatchNs } from '../model/time.js'
import type { WrittenBlock } from './block-writer.js'

/** number of segments that fill the memory, or the requested time: at most this fraction is dropped at once */
const SEGMENT_COUNT = 16
/** minimum ratio of a segment's size to that of its keyframe: limits the share of memory that keyframes take */
const KEYFRAME_RATIO = 8
/** minimum ns between two keyframes when few events occur; up to this much more than requested may be retained */
const MIN_KEYFRAME_INTERVAL = 2.5e9
/** a keyframe larger than 1/4 of the memory is too large for it */
const OVERSIZED_SHARE = 4

export class KeyframeSchedule {
  /** size of the last keyframe, and its end offset: the current segment has nothing else up to there */
  private bytes = 0
  private end = Number.POSITIVE_INFINITY
  /** batch time (ns) of the last row before it */
  private time = Number.NEGATIVE_INFINITY

  /** memory: the maximum number of retained bytes, and ns of capture time to retain; undefined: as much as the bytes allow */
  constructor(private readonly memory: { readonly bytes: number; readonly time?: number | undefined }) {}

  /** A keyframe is added, after a row of that time. */
  begin(time: BatchNs): void {
    this.time = time
    this.end = Number.POSITIVE_INFINITY
  }

  /** The keyframe is complete. */
  written({ offset, bytes }: Pick<WrittenBlock, 'offset' | 'bytes'>): void {
    this.bytes = bytes
    this.end = offset + bytes
  }

  /** Whether another keyframe is due. size: offset after the last block; time: of the last row. */
  isDue(size: number, time: BatchNs): boolean {
    const { bytes, time: requested = Number.POSITIVE_INFINITY } = this.memory
    const grown = size - this.end
    const worthIt = this.bytes * KEYFRAME_RATIO
    if (grown >= Math.max(bytes / SEGMENT_COUNT, Math.min(worthIt, bytes / 2))) return true
    const age = time - this.time
    // with few events, too, data much older than requested is dropped
    return (
      (age >= requested / SEGMENT_COUNT && grown >= worthIt) ||
      (age >= Math.max(requested / 2, MIN_KEYFRAME_INTERVAL) && grown > 0)
    )
  }

  /** size of the last keyframe if it leaves little memory for anything else, else undefined */
  get oversized(): number | undefined {
    return this.bytes > this.memory.bytes / OVERSIZED_SHARE ? this.bytes : undefined
  }
}
