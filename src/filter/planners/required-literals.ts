// Texts and ports of which one must occur for anything to pass a filter: literals as they appear in rows and tables,
// byte for byte. Names of files and programs may be composed of several strings, so only text within one component
// counts.

import { withImplied } from '../planner-hints.js'
import type { CheckedFilter, Node, TestNode } from '../typed.js'

/**
 * Characters at which values are composed or reformatted: separators of paths, words and addresses, and all non-ASCII
 * characters.
 */
const BETWEEN_PIECES = /[^\w.+-]+/
/** Addresses and pointers are formatted, not copied: a piece that could belong to one proves nothing. */
const WRITTEN = /^[\da-fA-Fx.+-]*$/
/** Shorter pieces occur everywhere; more pieces than MOST are not worth the search. */
const LEAST = 3
const MOST = 32
const LENGTH_OF_PORT = 5

/** Operators that require the whole literal to occur in the value. */
const WHOLE_LITERAL = new Set(['=', '==', 'contains', 'startswith', 'endswith', 'in'])

/** Prefixes of ids, as in cgroup paths. */
const ID = /^[\da-f]{3,64}$/

/** The longest usable piece of a literal; undefined if there is none. */
function pieceOf(literal: unknown, ids: boolean): string | undefined {
  if (typeof literal !== 'string') return undefined
  if (ids) return ID.test(literal) ? literal : undefined
  const pieces = literal.split(BETWEEN_PIECES).filter((p) => p.length >= LEAST && !WRITTEN.test(p))
  return pieces.sort((a, b) => b.length - a.length)[0]
}

/** Operators that require the number to equal a literal. */
const EQUAL = new Set(['=', '==', 'in'])

/** Texts and ports, one of which must occur. threads: they belong to properties of a thread, not of a descriptor. */
export interface RequiredLiterals {
  readonly texts: readonly string[]
  readonly ports: readonly number[]
  readonly threads: boolean
}

function literalsOfTest({ left, op, modifier, right, constants }: TestNode): RequiredLiterals | undefined {
  if (left.kind !== 'field' || right !== undefined || modifier !== undefined || constants.length > MOST)
    return undefined
  const { def, opaque } = left.use
  if (opaque) return undefined
  const { literals } = def
  if (literals === undefined) return undefined
  const threads = literals.of === 'thread'
  if (literals.kind === 'port')
    return EQUAL.has(op.text) ? { texts: [], ports: constants.map(Number), threads } : undefined
  if (left.cardinality !== 'one' || !WHOLE_LITERAL.has(op.text)) return undefined
  const texts = constants.map((c) => pieceOf(c, literals.kind === 'id'))
  if (texts.length === 0 || !texts.every((p) => p !== undefined)) return undefined
  return { texts, ports: [], threads }
}

function literalsOfNode(n: Node): RequiredLiterals | undefined {
  if (n.kind === 'not') return undefined
  if (n.kind === 'test') return literalsOfTest(n)
  const items = n.items.map(literalsOfNode)
  const some = items.filter((i) => i !== undefined)
  if (n.kind === 'and') return some.sort((a, b) => rarity(b) - rarity(a))[0]
  if (some.length < items.length) return undefined
  return {
    texts: some.flatMap((i) => i.texts),
    ports: some.flatMap((i) => i.ports),
    threads: some.every((i) => i.threads),
  }
}

/** Few and long texts are rare; a port counts as rare as a short name. */
function rarity({ texts, ports }: RequiredLiterals): number {
  return Math.min(...texts.map((t) => t.length), ...ports.map(() => LENGTH_OF_PORT)) / (texts.length + ports.length)
}

/**
 * Literals of which every process with passing events contains at least one: in the arguments of its events, in its
 * initial snapshot, or in those of a process that it inherits from. undefined if the filter requires none.
 */
export function requiredLiterals(filter: CheckedFilter): RequiredLiterals | undefined {
  const found = literalsOfNode(withImplied(filter.root))
  return found === undefined || found.texts.length + found.ports.length > MOST ? undefined : found
}
