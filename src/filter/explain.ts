// Describes where a filter is evaluated: in the kernel, in ksys for each event, and in the index of a trace file.

import type { FieldContext } from '../fields/field.js'
import { GLYPHS } from '../model/glyphs.js'
import { clean } from '../model/sanitize.js'
import type { Arch } from '../schema/types.js'
import {
  type CapturePlan,
  type Counting,
  type DescriptorKind,
  type PlanSet,
  type PlanSlot,
  VERDICT,
} from '../source/plan.js'
import { printExpr } from './ast.js'
import { CODES, eventDef } from './events.js'
import { testLines } from './explain-tests.js'
import { lackingCalls } from './hint.js'
import { adaptFilter } from './older-names.js'
import { boundsByType } from './planners/bounds-by-type.js'
import { type PlanOptions, planFilter } from './planners/kernel-plan.js'
import type { MaybeBounds, PropertyBounds } from './planners/property-bounds.js'
import type { ValueSet } from './planners/value-set.js'
import type { FieldRegistry } from './registry.js'
import type { CheckedFilter } from './typed.js'

const WIDTH = 100
const FEW = 12
const LONGEST = 500

/** Wraps words into indented lines. */
function wrapped(words: readonly string[], indent: string): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of words) {
    if (line.length + word.length + 1 > WIDTH && line !== indent) {
      lines.push(line.trimEnd())
      line = indent
    }
    line += `${word} `
  }
  lines.push(line.trimEnd())
  return lines
}

function listed(names: readonly string[]): string {
  return names.length > FEW
    ? `${names.slice(0, FEW).join(', ')} ${GLYPHS.more} and ${names.length - FEW} more`
    : names.join(', ')
}

function membership<T>(what: string, set: PlanSet<T> | undefined): string[] {
  if (set === undefined) return []
  const one = set.values.length === 1
  const values = listed(set.values.map(String))
  return [`${what} is ${set.not ? 'not ' : ''}${one ? '' : 'one of '}${values}`]
}

/** A condition of many rules is a long text. */
function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} ${GLYPHS.more}` : text
}

/** Kinds of descriptors as text, several that belong together before one of them. */
const KIND_TEXTS: readonly (readonly [readonly DescriptorKind[], string])[] = [
  [['stream', 'connecting', 'datagram', 'socket'], 'a socket'],
  [['stream', 'connecting', 'datagram'], 'an IP socket'],
  [['stream', 'connecting'], 'a TCP socket'],
  [['stream'], 'a connected TCP socket'],
  [['connecting'], 'a TCP socket that the call connects'],
  [['datagram'], 'an IP socket without TCP'],
  [['socket'], 'a socket without IP'],
  [['other'], 'no socket'],
]

function kindsText(kinds: readonly DescriptorKind[]): string {
  const left = new Set(kinds)
  const parts: string[] = []
  for (const [some, text] of KIND_TEXTS) {
    if (!some.every((kind) => left.has(kind))) continue
    for (const kind of some) left.delete(kind)
    parts.push(text)
  }
  return parts.join(' or ')
}

function slotText(slot: PlanSlot): string {
  const parts = [
    ...membership('proc.name', slot.comm),
    ...membership('proc.pid', slot.pid),
    ...membership('thread.tid', slot.tid),
    ...membership('user.uid', slot.uid),
  ]
  if (slot.failed !== undefined) parts.push(slot.failed ? 'the call failed' : 'the call succeeded')
  if (slot.kinds !== undefined) parts.push(`the descriptor is ${kindsText(slot.kinds)}`)
  if (slot.process !== undefined) parts.push(`its process can match ${shortened(clean(slot.process.text))}`)
  if (slot.container !== undefined) parts.push(`its container can match ${clean(slot.container.text)}`)
  return parts.length === 0 ? 'always' : `when ${parts.join(' and ')}`
}

/** Names of the calls, grouped by what the kernel does with them. */
function callsByDecision(plan: CapturePlan, arch: Arch): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  const add = (name: string, verdict: number) => {
    const text =
      verdict === VERDICT.DROP
        ? 'never'
        : verdict === VERDICT.PASS
          ? 'always'
          : slotText(plan.slots[verdict - VERDICT.SLOT] ?? {})
    const names = groups.get(text)
    if (names === undefined) groups.set(text, [name])
    else if (!names.includes(name)) names.push(name)
  }
  for (const code of CODES) {
    const def = eventDef(code)
    const nr = def?.nr?.[arch]
    if (def !== undefined && nr !== undefined && (code & 1) === 1) add(def.name, plan.verdicts[nr] ?? VERDICT.DROP)
  }
  add('switch', plan.switches)
  add('page_fault', plan.pageFaults)
  add('signaldeliver', plan.signals)
  add('oomkill', plan.oomKills)
  add('procexit', plan.procexit)
  add('io_uring_complete', plan.ioUring)
  return groups
}

/** What is recorded, small groups of calls first; a long biggest group is given as a number. */
function recordedLines(groups: ReadonlyMap<string, readonly string[]>): string[] {
  const biggest = [...groups.values()].reduce((n, names) => Math.max(n, names.length), 0)
  const others = groups.size > 1 ? ' (all others)' : ''
  const lines: string[] = []
  for (const [text, names] of [...groups].sort((a, b) => a[1].length - b[1].length)) {
    const all = names.length === biggest && names.length > 100
    lines.push(`  recorded ${text}:`, ...wrapped(all ? [`${names.length} event types${others}`] : names, '    '))
  }
  return lines
}

const COUNTED_BY: Readonly<Record<Counting, string>> = {
  calls: ' and result',
  magnitudes: ', result and duration',
  programs: ', program and container, with errors, bytes and latencies',
}

function kernelPart(plan: CapturePlan, arch: Arch, where: ((plan: CapturePlan) => string) | undefined): string[] {
  const groups = callsByDecision(plan, arch)
  const never = groups.get('never') ?? []
  groups.delete('never')
  const lines = recordedLines(groups)
  if (groups.size === 0) lines.push('  nothing is recorded: no event can pass')
  if (never.length > 0) {
    const few = never.length <= FEW ? `: ${never.join(' ')}` : ''
    lines.push(`  dropped: ${never.length} event types${few}`)
    if (!plan.bare)
      lines.push(
        '    (calls that open, close, start or rename something are still recorded, hidden, to keep names correct)',
      )
  }
  if (plan.count !== false) {
    const how = COUNTED_BY[plan.count]
    lines.push(`  system calls: counted in the kernel by type${how}; none is recorded individually`)
  }
  if (plan.bare) lines.push('  arguments: not copied; threads and descriptors are not followed')
  lines.push(`  I/O buffers: ${plan.snaplen === 0 ? 'not copied' : `the first ${plan.snaplen} bytes`}`)
  if (plan.lookups > 0)
    lines.push(`  DNS messages: the first ${plan.lookups} bytes, of all processes, for names of addresses`)
  lines.push(`  structures: ${plan.structs ? 'copied' : 'not copied'}`)
  lines.push(`  latency: ${plan.latency ? 'measured' : 'not needed'}`)
  lines.push(`  enter events: ${plan.enter ? 'recorded' : 'not recorded'}`)
  if (where !== undefined) lines.push(`  ${where(plan)}`)
  return lines
}

function membersText(what: string, set: ValueSet<string> | ValueSet<number>): string[] {
  if (set.not) return []
  const values = [...set.values].map((v) => (v === undefined ? '(unknown)' : clean(String(v))))
  return [`${what} ${listed(values)}`]
}

function rangeText(what: string, i: PropertyBounds['time'], unit: number, name: string): string[] {
  const parts: string[] = []
  if (i.lo !== -Infinity) parts.push(`from ${i.lo / unit}${name}`)
  if (i.hi !== Infinity) parts.push(`to ${i.hi / unit}${name}`)
  return parts.length === 0 ? [] : [`${what} ${parts.join(' ')}`]
}

function boundsText(bounds: PropertyBounds): string {
  const parts = [
    ...membersText('a process named', bounds.comm),
    ...membersText('thread', bounds.tid),
    ...rangeText('time since the start', bounds.time, 1e9, ' s'),
    ...rangeText('time since the first event', bounds.reltime, 1e9, ' s'),
    ...rangeText('event number', bounds.num, 1, ''),
  ]
  return parts.join(', ')
}

function filePart(filter: CheckedFilter, ctx: FieldContext): string[] {
  const bound = boundsByType(adaptFilter(filter, ctx.info.has), { start: ctx.info })
  const groups = new Map<string, string[]>()
  let dropped = 0
  for (const code of CODES) {
    const name = eventDef(code)?.name as string
    const bounds: MaybeBounds = bound(code)
    if (bounds === undefined) {
      dropped++
      continue
    }
    const text = boundsText(bounds)
    const names = groups.get(text)
    if (names === undefined) groups.set(text, [name])
    else if (!names.includes(name)) names.push(name)
  }
  if (groups.size === 0) return ['  every block is skipped: no event can pass']
  if (dropped === 0 && groups.size === 1 && groups.has('')) return ['  every block is read']
  const lines = ['  a block is skipped unless it contains one of:']
  for (const [text, names] of groups) {
    const types = names.length > 100 ? `any of ${names.length} event types` : listed(names)
    lines.push(...wrapped(`${types}${text === '' ? '' : ` with ${text}`}`.split(' '), '    '))
  }
  return lines
}

/**
 * The text of `--explain`: where each condition of a filter is evaluated. Several lines, without a final newline. where: a sentence on
 * where the programs of a capture with that plan run.
 */
export function explainFilter(
  filter: CheckedFilter | undefined,
  fields: FieldRegistry,
  ctx: FieldContext,
  options: PlanOptions,
  where?: (plan: CapturePlan) => string,
): string {
  const plan = planFilter(filter, fields, options)
  const kernel = ['In the kernel (live capture)', ...kernelPart(plan, options.arch, where)]
  if (filter === undefined) return ['Filter', '  none: every event passes', '', ...kernel].join('\n')
  const text = clean(printExpr(filter.ast.root))
  const lines = [
    'Filter',
    `  ${text.length > 4000 ? `${text.slice(0, 4000)} ${GLYPHS.more}` : text}`,
    ...[...filter.warnings, ...lackingCalls(filter.ast, options.arch)].map((w) => `  note: ${clean(w)}`),
    '',
    ...kernel,
    '',
    `In ksys (every event that is recorded or read${plan.bare ? '' : ', after its effect on processes and descriptors'})`,
    ...testLines(adaptFilter(filter, ctx.info.has).root),
    '  (cost 1: a comparison of two numbers; the cheapest test of a group is first)',
    '',
    'In the index of a trace file',
    ...filePart(filter, ctx),
  ]
  return lines.join('\n')
}
