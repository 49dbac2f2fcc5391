// Opens capture files, with the filter's help to skip what cannot matter.
import { statSync } from 'node:fs'
import { type CheckedFilter, pruneFilter } from '../filter/index.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { OpenOptions } from '../source/kind.js'
import { openTrace } from '../source/open.js'
import type { CaptureSource } from '../source/source.js'
import { TraceSource } from '../trace/index.js'

/** Opens a file of any kind; blocks without anything that `filter` may pass are read for their state alone. */
export async function openFile(
  path: string,
  filter: CheckedFilter | undefined,
  enter: boolean,
): Promise<CaptureSource> {
  const options: OpenOptions = { enter }
  if (filter === undefined) return openTrace(path, options)
  if (!isRegular(path)) {
    // a pipe is described before its first block is judged
    let prune = (_: Parameters<ReturnType<typeof pruneFilter>>[0]) => true
    options.prune = (summary) => prune(summary)
    const source = await openTrace(path, options)
    prune = pruneFilter(filter, source.info)
    return source
  }
  // the filter's times count from the capture's start, which must be known before the index is judged
  const source = await openTrace(path, options)
  if (!(source instanceof TraceSource)) return source
  await source.close()
  options.prune = pruneFilter(filter, source.info)
  return openTrace(path, options)
}

/** Counts the event types of the blocks that were not read, once each, by code. */
export function typesSkipped(source: CaptureSource, counts: Uint32Array): void {
  if (!(source instanceof TraceSource)) return
  for (let code = 0; code < CODE_LIMIT; code++)
    if (((source.prunedTypes[code >> 3]! >> (code & 7)) & 1) === 1) counts[code]!++
}

function isRegular(path: string): boolean {
  try {
    return path !== '-' && statSync(path).isFile()
  } catch {
    return false
  }
}
