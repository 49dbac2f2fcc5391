// Which event types a condition can match, from its checks of evt.type: a set of names, or all except some.
import type { Check, Expr } from '../../filter/ast.js'

/** A set of names (but: false), or all other names (but: true). */
interface Types {
  readonly but: boolean
  readonly names: ReadonlySet<string>
}
/** The event types for which a condition can be true, and those for which it can be false. */
interface Both {
  readonly true: Types
  readonly false: Types
}

const ALL: Types = { but: true, names: new Set() }
const ANY: Both = { true: ALL, false: ALL }
const EQUAL = ['=', '==', 'in', 'intersects']

/** How many event types can match the condition; undefined: it does not restrict them to a list of names. */
export function typesWanted(expr: Expr): number | undefined {
  const types = typesOf(expr, new Map()).true
  return types.but ? undefined : types.names.size
}

function typesOf(e: Expr, known: Map<Expr, Both>): Both {
  if (e.kind === 'check') return typesOfCheck(e)
  const before = known.get(e)
  if (before !== undefined) return before
  const both = combined(e, known)
  known.set(e, both)
  return both
}

function combined(e: Exclude<Expr, Check>, known: Map<Expr, Both>): Both {
  if (e.kind === 'not') {
    const { true: t, false: f } = typesOf(e.item, known)
    return { true: f, false: t }
  }
  const parts = e.items.map((i) => typesOf(i, known))
  const [each, any] = e.kind === 'and' ? (['true', 'false'] as const) : (['false', 'true'] as const)
  const both = parts.map((p) => p[each]).reduce(intersection)
  const either = union(parts.map((p) => p[any]))
  return e.kind === 'and' ? { true: both, false: either } : { true: either, false: both }
}

function typesOfCheck({ left, op, right, modifier }: Check): Both {
  const isType = left.kind === 'field' && left.name === 'evt.type' && left.arg === undefined && modifier === undefined
  if (!isType || (right?.kind !== 'literal' && right?.kind !== 'list')) return ANY
  const names = new Set((right.kind === 'list' ? right.items : [right]).map((l) => l.text))
  if (EQUAL.includes(op)) return { true: { but: false, names }, false: { but: true, names } }
  if (op === '!=') return { true: { but: true, names }, false: { but: false, names } }
  return ANY
}

function intersection(a: Types, b: Types): Types {
  if (a.but && b.but) return b.names.size === 0 ? a : { but: true, names: new Set([...a.names, ...b.names]) }
  if (a.but) return intersection(b, a)
  return { but: false, names: new Set([...a.names].filter((name) => b.names.has(name) !== b.but)) }
}

function union(all: readonly Types[]): Types {
  const [first, ...others] = all.filter((t) => t.but)
  const names = new Set(all.filter((t) => !t.but).flatMap((t) => [...t.names]))
  if (first === undefined) return { but: false, names }
  const left = [...first.names].filter((name) => !names.has(name) && others.every((t) => t.names.has(name)))
  return { but: true, names: new Set(left) }
}
