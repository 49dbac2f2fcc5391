// Opens capture files, with the filter's help to skip what cannot matter.
import { registry } from '../fields/index.js'
import { asksForEnter, needsOf, pruneFilter } from '../filter/index.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { Waiting } from '../source/files.js'
import type { OpenOptions } from '../source/kind.js'
import { openTrace } from '../source/open.js'
import type { CaptureSource } from '../source/source.js'
import { TraceSource } from '../trace/index.js'
import type { Question } from './question.js'

/**
 * Opens a file of any kind, with enter events when the filter can pass one; blocks without anything that may pass, by the
 * filter or by `span` in its place, are read for their state alone, and not at all before and behind all that may.
 * follow: what else may be left out, see followOf. waiting: for the writer of a FIFO; looking through the file ends with it, too.
 */
export function openFile(
  path: string,
  q: Pick<Question, 'filter' | 'span' | 'containers'> & Partial<Pick<Question, 'printed'>>,
  enter: boolean,
  follow?: OpenOptions['follow'],
  waiting: Waiting = {},
): Promise<CaptureSource> {
  const both = enter || (q.filter !== undefined && asksForEnter(q.filter))
  const matters = q.span === undefined ? q.filter : q.span.filter
  const fields = [...(q.filter?.fieldsUsed ?? []), ...(q.printed ?? [])]
  const names = q.containers === true || needsOf(registry, fields).has('container')
  if (readsAll()) return openTrace(path, { enter: both, names, ...waiting })
  return openTrace(path, {
    enter: both,
    names,
    prune: matters && ((info) => pruneFilter(matters, info)),
    follow,
    ...waiting,
  })
}

/** Whether nothing is left out: tests compare what is read otherwise with what all of a file says. */
export function readsAll(): boolean {
  return process.env.KSYS_READ === 'all'
}

/** Counts the event types of the blocks that were not read, once each, by code. */
export function typesSkipped(source: CaptureSource, counts: Uint32Array): void {
  if (!(source instanceof TraceSource)) return
  for (let code = 0; code < CODE_LIMIT; code++)
    if (((source.prunedTypes[code >> 3]! >> (code & 7)) & 1) === 1) counts[code]!++
}
