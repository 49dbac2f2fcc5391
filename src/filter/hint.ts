// A hint after a run without results: the corrected filter if a sibling call occurred, or if the machine has a sibling
// instead of the requested call.

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

/** The siblings of a requested call that cannot be seen under that name. */
interface MissingCallHint {
  readonly requested: string
  /**
   * siblings that the filter does not name: those that occurred; if none did and the machine lacks the call, all that
   * it has
   */
  readonly others: readonly string[]
  readonly occurred: boolean
  /** the machine has no such call, or only for 32-bit programs */
  readonly lacking: boolean
}

/** Whether all programs of a machine can use a call of that name. */
const have = (arch: Arch, name: string): boolean => hasEvents(arch, name) && !haveOnly32Bits(arch, name)

/** Checks one requested name: none, or one result if it cannot be seen under that name. */
function hintsFor(
  requested: string,
  names: ReadonlySet<string>,
  counts: Uint32Array,
  arch: Arch | undefined,
): MissingCallHint[] {
  if (seen(counts, requested) > 0) return []
  const siblings = siblingsOf(requested)
  const lacking = arch !== undefined && codesOf(requested).length > 0 && !have(arch, requested)
  const occurred = siblings.filter((name) => !names.has(name) && seen(counts, name) > 0)
  if (occurred.length > 0) return [{ requested, others: occurred, occurred: true, lacking }]
  if (!lacking || siblings.some((name) => names.has(name) && have(arch, name))) return []
  return [{ requested, others: siblings.filter((name) => have(arch, name)), occurred: false, lacking }]
}

/** The tree with its type checks widened by the siblings, which are also added to `found`. */
function widened(e: Expr, counts: Uint32Array, arch: Arch | undefined, found: MissingCallHint[]): Expr {
  if (e.kind === 'and' || e.kind === 'or')
    return { kind: e.kind, items: e.items.map((i) => widened(i, counts, arch, found)) }
  // a wider check under `not` would pass less
  if (e.kind === 'not' || !isTypeCheck(e)) return e
  const right = e.right
  if (right === undefined || right.kind === 'field' || right.kind === 'call') return e
  const items: readonly Literal[] = right.kind === 'list' ? right.items : [right]
  const names = new Set(items.map((i) => i.text))
  const here = items.flatMap((i) => hintsFor(i.text, names, counts, arch))
  found.push(...here)
  const more = here.flatMap((f) => f.others)
  if (more.length === 0) return e
  const list = [...new Set([...names, ...more])].map(
    (text): Literal => ({ kind: 'literal', text, quoted: false, span: e.span }),
  )
  return { ...e, op: 'in', right: { kind: 'list', items: list, span: e.span } }
}

const listed = (names: readonly string[]): string => [...new Set(names)].join(', ')

/** The calls that the machine has instead of a missing one. */
function instead(arch: Arch, { requested, others, occurred }: MissingCallHint): string {
  const narrow = hasEvents(arch, requested)
  const lacks = narrow
    ? `on ${ARCH_NAMES[arch]} only 32-bit programs have ${requested}`
    : `${ARCH_NAMES[arch]} has no ${requested}`
  if (others.length === 0) return lacks
  const programs = narrow ? 'others use' : 'programs use'
  return `${lacks}, ${occurred ? `but ${listed(others)} occurred` : `${programs} ${listed(others)}${narrow ? '' : ' there'}`}`
}

/**
 * For a filter that passed nothing: a sentence with the corrected filter if a requested call did not occur but a
 * sibling did, or if the captured machine has no such call. `counts` is the number of events by code, including those
 * not shown; `arch` is undefined if several machines were captured.
 */
export function siblingHint(ast: Ast, counts: Uint32Array, arch: Arch | undefined): string | undefined {
  const found: MissingCallHint[] = []
  const corrected = widened(ast.root, counts, arch, found)
  if (found.length === 0) return undefined
  const missed = found.filter((f) => !f.lacking)
  const parts: string[] = []
  if (missed.length > 0)
    parts.push(
      `no ${listed(missed.map((f) => f.requested))} occurred, but ${listed(missed.flatMap((f) => f.others))} did`,
    )
  for (const f of found) if (f.lacking && arch !== undefined) parts.push(instead(arch, f))
  if (found.some((f) => f.others.length > 0)) parts.push(`try: ${printExpr(corrected)}`)
  return [...new Set(parts)].join('; ')
}

/** Sentences about calls that a filter requests and a machine does not have. */
export function lackingCalls(ast: Ast, arch: Arch): string[] {
  const found: MissingCallHint[] = []
  widened(ast.root, new Uint32Array(CODE_LIMIT), arch, found)
  return [...new Set(found.filter((f) => f.lacking).map((f) => instead(arch, f)))]
}
