// After a run that showed nothing: the filter that would have shown the sibling call which did occur, or which the machine
// has instead of one that it lacks.

import { ARCH_NAMES } from '../schema/arch.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { hasEvents, haveOnly32Bits } from '../schema/events/index.js'
import { siblingsOf } from '../schema/siblings.js'
import type { Arch } from '../schema/types.js'
import { type Ast, type Check, type Expr, type Literal, printExpr } from './ast.js'
import { codesOf } from './events.js'

function isTypeCheck(c: Check): boolean {
  if (c.left.kind !== 'field' || c.modifier !== undefined) return false
  if (c.left.name !== 'evt.type' && c.left.name !== 'syscall.type') return false
  return c.op === '=' || c.op === '==' || c.op === 'in'
}

/** How often events called `name` occurred. */
function seen(counts: Uint32Array, name: string): number {
  return codesOf(name).reduce((sum, code) => sum + (counts[code] ?? 0), 0)
}

/** Calls of a family that one which is asked for belongs to. */
interface Found {
  readonly asked: string
  /** those that the filter does not name: all that occurred; when none did and the machine lacks the call, all that it has */
  readonly others: readonly string[]
  readonly occurred: boolean
  /** the machine has no such call, or 32-bit programs alone have it there */
  readonly lacking: boolean
}

/** Whether all programs of a machine have calls of that name. */
const have = (arch: Arch, name: string): boolean => hasEvents(arch, name) && !haveOnly32Bits(arch, name)

/** What a type check asks for that cannot be seen under that name. */
function find(asked: string, names: ReadonlySet<string>, counts: Uint32Array, arch: Arch | undefined): Found[] {
  if (seen(counts, asked) > 0) return []
  const siblings = siblingsOf(asked)
  const lacking = arch !== undefined && codesOf(asked).length > 0 && !have(arch, asked)
  const occurred = siblings.filter((name) => !names.has(name) && seen(counts, name) > 0)
  if (occurred.length > 0) return [{ asked, others: occurred, occurred: true, lacking }]
  if (!lacking || siblings.some((name) => names.has(name) && have(arch, name))) return []
  return [{ asked, others: siblings.filter((name) => have(arch, name)), occurred: false, lacking }]
}

/** The tree with its type checks widened by what is found for each. */
function widened(e: Expr, counts: Uint32Array, arch: Arch | undefined, found: Found[]): Expr {
  if (e.kind === 'and' || e.kind === 'or')
    return { kind: e.kind, items: e.items.map((i) => widened(i, counts, arch, found)) }
  // Under `not` a wider check passes less.
  if (e.kind === 'not' || !isTypeCheck(e)) return e
  const right = e.right
  if (right === undefined || right.kind === 'field' || right.kind === 'call') return e
  const items: readonly Literal[] = right.kind === 'list' ? right.items : [right]
  const names = new Set(items.map((i) => i.text))
  const here = items.flatMap((i) => find(i.text, names, counts, arch))
  found.push(...here)
  const more = here.flatMap((f) => f.others)
  if (more.length === 0) return e
  const list = [...new Set([...names, ...more])].map(
    (text): Literal => ({ kind: 'literal', text, quoted: false, span: e.span }),
  )
  return { ...e, op: 'in', right: { kind: 'list', items: list, span: e.span } }
}

const listed = (names: readonly string[]): string => [...new Set(names)].join(', ')

/** What the machine has instead of a call that it lacks. */
function instead(arch: Arch, { asked, others, occurred }: Found): string {
  const narrow = hasEvents(arch, asked)
  const lacks = narrow
    ? `on ${ARCH_NAMES[arch]} only 32-bit programs have ${asked}`
    : `${ARCH_NAMES[arch]} has no ${asked}`
  if (others.length === 0) return lacks
  const programs = narrow ? 'others use' : 'programs use'
  return `${lacks}, ${occurred ? `but ${listed(others)} occurred` : `${programs} ${listed(others)}${narrow ? '' : ' there'}`}`
}

/**
 * For a filter that passed nothing: a sentence with the corrected filter when a call it asks for did not occur but a
 * sibling did, or when the machine that was captured on has no such call. `counts` is the number of events seen by code,
 * those that were not shown included; arch: undefined when several machines were captured on.
 */
export function siblingHint(ast: Ast, counts: Uint32Array, arch: Arch | undefined): string | undefined {
  const found: Found[] = []
  const corrected = widened(ast.root, counts, arch, found)
  if (found.length === 0) return undefined
  const missed = found.filter((f) => !f.lacking)
  const parts: string[] = []
  if (missed.length > 0)
    parts.push(`no ${listed(missed.map((f) => f.asked))} occurred, but ${listed(missed.flatMap((f) => f.others))} did`)
  for (const f of found) if (f.lacking && arch !== undefined) parts.push(instead(arch, f))
  if (found.some((f) => f.others.length > 0)) parts.push(`try: ${printExpr(corrected)}`)
  return [...new Set(parts)].join('; ')
}

/** Sentences about calls that a filter asks for and that a machine does not have. */
export function lackingCalls(ast: Ast, arch: Arch): string[] {
  const found: Found[] = []
  widened(ast.root, new Uint32Array(CODE_LIMIT), arch, found)
  return [...new Set(found.filter((f) => f.lacking).map((f) => instead(arch, f)))]
}
