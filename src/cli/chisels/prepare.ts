// Prepares the chisels of a run: loads them, parses their arguments, and derives the query.
import { ChiselError } from '../../chisel/args.js'
import { filterOfAll, type Prepared, prepare, withUserFilter } from '../../chisel/prepare.js'
import { registry } from '../../fields/index.js'
import { isSamePerResult, needsOnlyRow } from '../../fields/row-only.js'
import { checkFilter } from '../../filter/index.js'
import { isCountable } from '../../table/compile.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/settings.js'
import { checkQuery, orUsage, type Query, spanFilter, wantsCountsOnly, withRuleFields } from '../query/query.js'
import { chiselNamed } from './instead.js'
import { checkPossible, type Saved } from './saved.js'

export interface ChiselRun {
  readonly chisels: readonly Prepared[]
  /** the settings with what the chisels need */
  readonly settings: Settings
  readonly query: Query
  /** the user gave a filter of their own */
  readonly filtered: boolean
  /** about that filter */
  readonly warnings: readonly string[]
  readonly containers: boolean
  /** events that chisels write to files after the run */
  readonly saved: Saved[]
}

/** Loads the chisels and parses their arguments; the remaining arguments are the filter. Throws CliError (usage). */
export async function prepareChisels(s: Settings): Promise<ChiselRun> {
  const containers = CONTAINER_FORMATS.includes(s.format)
  const inside = { containers, hosts: s.hosts }
  const chisels: Prepared[] = []
  const words = s.filter === '' ? [] : [s.filter]
  for (const call of s.chisels)
    await orChiselError(async () => {
      const { prepared, rest } = prepare(await chiselNamed(call.name), call.words, inside)
      chisels.push(prepared)
      words.push(...rest)
    })
  const user = words.join(' ').trim()
  const written = user === '' ? undefined : orUsage(() => checkFilter(user, registry))
  for (const c of chisels) checkPossible(c, s, user)
  const needs = chisels.map((c) => c.def.needs ?? {})
  const settings: Settings = {
    ...s,
    filter: filterOfAll(user, chisels),
    format: undefined,
    snaplen: Math.max(s.snaplen, ...needs.map((n) => n.snaplen ?? 0)),
    bufferStyle: s.bufferStyle === 'dots' && needs.some((n) => n.printedText === true) ? 'ascii' : s.bufferStyle,
    enter: s.enter || needs.some((n) => n.enter === true),
    switches: s.switches || needs.some((n) => n.switches === true),
  }
  const printed = withRuleFields(s, [...new Set(chisels.flatMap((c) => c.reads))])
  const running = chisels.map((c) => withUserFilter(c, user, inside))
  const query = { ...checkQuery(settings), printed }
  const eventsOnly = ofEvents(running, query) && !s.summary
  const alike = query.filter?.fieldsUsed.every(isSamePerResult) !== false && running.every(isCounted)
  const counted = eventsOnly && alike && wantsCountsOnly(settings) ? ('calls' as const) : undefined
  return {
    chisels: running,
    settings,
    query: {
      ...query,
      written: written?.ast,
      span: running.some((c) => c.table?.def.threads === true) ? spanOf(s) : undefined,
      passingOnly: running.every((c) => c.table !== undefined && c.table.def.threads !== true && !c.def.hooks),
      eventsOnly,
      counted,
      containers: needs.some((n) => n.containers === true),
      atStart: running.some((c) => c.table === undefined),
    },
    filtered: user !== '',
    warnings: written?.warnings ?? [],
    containers,
    saved: [],
  }
}

function spanOf(s: Settings): Query['span'] {
  const text = spanFilter(s)
  return { filter: text === '' ? undefined : checkFilter(text, registry) }
}

function isCounted({ table, def }: Prepared): boolean {
  return table !== undefined && def.hooks === undefined && isCountable(table)
}

function ofEvents(chisels: readonly Prepared[], query: Query): boolean {
  const fields = [...query.printed, ...(query.filter?.fieldsUsed ?? [])]
  return chisels.every((c) => c.table !== undefined && c.table.def.threads !== true) && fields.every(needsOnlyRow)
}

/** The formats of -p that add columns of containers. */
const CONTAINER_FORMATS: readonly (string | undefined)[] = ['c', 'container', 'k', 'kubernetes']

/** Runs a function; a ChiselError becomes a CliError (usage). */
export async function orChiselError<T>(f: () => Promise<T>): Promise<T> {
  try {
    return await f()
  } catch (e) {
    throw e instanceof ChiselError ? new CliError(EXIT.usage, e.message) : e
  }
}
