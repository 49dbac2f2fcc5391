// Opens capture files with what a query needs of them.
import { registry } from '../../fields/index.js'
import { asksForEnter, needsOf } from '../../filter/index.js'
import { openCapture } from '../../run/open.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import type { Waiting } from '../../source/files.js'
import type { OpenOptions } from '../../source/kind.js'
import type { CaptureSource } from '../../source/source.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'

/**
 * Opens a file of any kind, with enter events when the filter can pass one, and without what is redacted. plan: what of it is read, see
 * readPlanOf; undefined: all. waiting: for the writer of a FIFO; looking through the file ends with it, too.
 */
export function openFile(
  path: string,
  q: Pick<Query, 'filter' | 'containers'> & Partial<Pick<Query, 'printed'>>,
  { enter, redaction }: Pick<Settings, 'enter'> & Partial<Pick<Settings, 'redaction'>>,
  plan?: OpenOptions['plan'],
  waiting: Waiting = {},
): Promise<CaptureSource> {
  const both = enter || (q.filter !== undefined && asksForEnter(q.filter))
  const fields = [...(q.filter?.fieldsUsed ?? []), ...(q.printed ?? [])]
  const names = q.containers === true || needsOf(registry, fields).has('container')
  return openCapture(path, { enter: both, names, plan, ...waiting }, redaction)
}

/** Counts the event types of the blocks that were not read, once each, by code. */
export function typesSkipped(source: CaptureSource, counts: Uint32Array): void {
  const { prunedTypes } = source
  if (prunedTypes === undefined) return
  for (let code = 0; code < CODE_LIMIT; code++) if (((prunedTypes[code >> 3]! >> (code & 7)) & 1) === 1) counts[code]!++
}
