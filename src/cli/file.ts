// Opens capture files, with the filter's help to skip what cannot matter.
import { asksForEnter, type CheckedFilter, pruneFilter } from '../filter/index.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { openTrace } from '../source/open.js'
import type { CaptureSource } from '../source/source.js'
import { TraceSource } from '../trace/index.js'

/**
 * Opens a file of any kind, with enter events when the filter can pass one; blocks without anything that `filter` may pass
 * are read for their state alone.
 */
export function openFile(path: string, filter: CheckedFilter | undefined, enter: boolean): Promise<CaptureSource> {
  const both = enter || (filter !== undefined && asksForEnter(filter))
  return openTrace(path, { enter: both, prune: filter && ((info) => pruneFilter(filter, info)) })
}

/** Counts the event types of the blocks that were not read, once each, by code. */
export function typesSkipped(source: CaptureSource, counts: Uint32Array): void {
  if (!(source instanceof TraceSource)) return
  for (let code = 0; code < CODE_LIMIT; code++)
    if (((source.prunedTypes[code >> 3]! >> (code & 7)) & 1) === 1) counts[code]!++
}
