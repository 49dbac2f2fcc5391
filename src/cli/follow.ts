// Whether a run over files asks about certain processes only, so that most of what others did need not be read.
import { registry } from '../fields/index.js'
import { needsOf, processesPassing } from '../filter/index.js'
import type { OpenOptions } from '../source/kind.js'
import { aboutEverybody } from '../state/effects/reach.js'
import type { Settings } from './parse.js'
import type { Question } from './question.js'

/** Needs of fields that look at what any process did. */
const OF_OTHERS = ['peers', 'switches', 'everybody'] as const

/** What a file need not deliver; undefined: every row matters. */
export function followOf(s: Settings, q: Pick<Question, 'filter' | 'printed'>): OpenOptions['follow'] {
  const { filter } = q
  // a file that is written is asked anything later, chisels look at the state as time passes
  if (filter === undefined || s.write !== undefined || s.inFlight || s.chisels.length > 0) return undefined
  const needs = needsOf(registry, [...q.printed, ...filter.fieldsUsed])
  if (OF_OTHERS.some((need) => needs.has(need))) return undefined
  const everybodys = aboutEverybody(needs.has('names'))
  return (info) => {
    const passing = processesPassing(filter, info)
    return passing && { passing, everybodys }
  }
}
