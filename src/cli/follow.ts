// Whether a run over files asks about certain processes or descriptors only, so that most of what others did need not be read.
import type { FieldContext } from '../fields/field.js'
import { registry } from '../fields/index.js'
import {
  askingOf,
  type CheckedFilter,
  containerTest,
  type Need,
  needsOf,
  processesPassing,
  textsOf,
} from '../filter/index.js'
import type { OpenOptions } from '../source/kind.js'
import type { CaptureInfo } from '../source/source.js'
import { Asked } from '../state/asked.js'
import { AskedContainers } from '../state/asked-containers.js'
import { aboutEverybody, naming, touched } from '../state/effects/reach.js'
import { State } from '../state/state.js'
import { readsAll } from './file.js'
import type { Settings } from './parse.js'
import { contextOf, type Question } from './question.js'

/** Needs of fields that look at what any process did. */
const OF_OTHERS = ['peers', 'switches', 'everybody'] as const

type Part = Pick<Question, 'filter' | 'printed' | 'passingOnly'>

/** The needs of a run over files that looks at nothing but events which its filter passes; undefined for others. */
function needsOfPassing(s: Settings, { filter, printed, passingOnly }: Part): Set<Need> | undefined {
  // a file that is written is asked anything later, some chisels look at the state as time passes
  if (filter === undefined || s.write !== undefined || s.inFlight || passingOnly === false) return undefined
  const needs = needsOf(registry, [...printed, ...filter.fieldsUsed])
  return OF_OTHERS.some((need) => needs.has(need)) ? undefined : needs
}

/** What a file need not deliver; undefined: every row matters. */
export function followOf(s: Settings, q: Part): OpenOptions['follow'] {
  const { filter } = q
  const needs = needsOfPassing(s, q)
  if (filter === undefined || needs === undefined) return undefined
  const everybodys = aboutEverybody(needs.has('names'))
  return (info) => {
    const passing = processesPassing(filter, info)
    if (passing !== undefined) return { passing, everybodys }
    const texts = textsOf(filter)
    if (texts !== undefined) return { ...texts, naming: texts.threads ? touched() : naming(), everybodys }
    const containers = containersOf(s, filter, info)
    return containers && { texts: [], containers, threads: true, naming: touched(), everybodys }
  }
}

/** For a question about containers, what tells those; undefined for others. */
function containersOf(s: Settings, filter: CheckedFilter, info: CaptureInfo): AskedContainers | undefined {
  const state = new State(info)
  const test = containerTest(filter, contextOf(s, state))
  return test && new AskedContainers(state.containers, test)
}

/** For a question about threads or descriptors, who knows which; undefined for others. To be made before the state has a thread. */
export function askedOf(s: Settings, q: Part, ctx: FieldContext): Asked | undefined {
  const { filter } = q
  if (filter === undefined || needsOfPassing(s, q) === undefined || readsAll()) return undefined
  const asking = askingOf(filter, ctx)
  return asking && new Asked(ctx.state, asking)
}
