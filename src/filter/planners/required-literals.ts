// Texts and ports of which one must occur for anything to pass a filter: literals as rows and tables have them, byte for byte.
// Names of files and programs are put together of pieces, so only what lies within one piece counts.
import type { CheckedFilter, Node, TestNode } from '../typed.js'
import { withImplied } from './implied.js'

/** What values are put together with or written anew: separators of paths, words and addresses, and all that is not ASCII. */
const BETWEEN_PIECES = /[^\w.+-]+/
/** Addresses and pointers are written, not copied: a piece that could be of one says nothing. */
const WRITTEN = /^[\da-fA-Fx.+-]*$/
/** Shorter pieces are everywhere; more of them are not worth the search. */
const LEAST = 3
const MOST = 32
const LENGTH_OF_PORT = 5

/** Operators that want all of their literal to be in the value. */
const WHOLE = new Set(['=', '==', 'contains', 'startswith', 'endswith', 'in'])

/** Beginnings of ids, as cgroups have them. */
const ID = /^[\da-f]{3,64}$/

/** The longest piece of a literal; undefined when none says anything. */
function pieceOf(literal: unknown, ids: boolean): string | undefined {
  if (typeof literal !== 'string') return undefined
  if (ids) return ID.test(literal) ? literal : undefined
  const pieces = literal.split(BETWEEN_PIECES).filter((p) => p.length >= LEAST && !WRITTEN.test(p))
  return pieces.sort((a, b) => b.length - a.length)[0]
}

/** Operators that want a number of their literal. */
const EQUAL = new Set(['=', '==', 'in'])

/** Texts and ports, one of which must occur; threads: as what a thread is or runs, not as what a descriptor is called. */
export interface RequiredLiterals {
  readonly texts: readonly string[]
  readonly ports: readonly number[]
  readonly threads: boolean
}

function ofTest({ left, op, modifier, right, constants }: TestNode): RequiredLiterals | undefined {
  if (left.kind !== 'field' || right !== undefined || modifier !== undefined || constants.length > MOST)
    return undefined
  const { def, opaque } = left.use
  if (opaque) return undefined
  if (def.ofPorts === true)
    return EQUAL.has(op.text) ? { texts: [], ports: constants.map(Number), threads: false } : undefined
  if (def.ofTexts === undefined || left.cardinality !== 'one' || !WHOLE.has(op.text)) return undefined
  const ids = def.ofTexts === 'ids'
  const texts = constants.map((c) => pieceOf(c, ids))
  if (texts.length === 0 || !texts.every((p) => p !== undefined)) return undefined
  return { texts, ports: [], threads: def.ofThread === true }
}

function ofNode(n: Node): RequiredLiterals | undefined {
  if (n.kind === 'not') return undefined
  if (n.kind === 'test') return ofTest(n)
  const items = n.items.map(ofNode)
  const some = items.filter((i) => i !== undefined)
  if (n.kind === 'and') return some.sort((a, b) => rarity(b) - rarity(a))[0]
  if (some.length < items.length) return undefined
  return {
    texts: some.flatMap((i) => i.texts),
    ports: some.flatMap((i) => i.ports),
    threads: some.every((i) => i.threads),
  }
}

/** Few and long texts are rare; a port is as rare as a short name. */
function rarity({ texts, ports }: RequiredLiterals): number {
  return Math.min(...texts.map((t) => t.length), ...ports.map(() => LENGTH_OF_PORT)) / (texts.length + ports.length)
}

/**
 * Texts of which each process that events which pass are about has one: in the arguments of its events, in what was known of it
 * at first, or in those of a process that it has something from. undefined when the filter does not ask for such.
 */
export function requiredLiterals(filter: CheckedFilter): RequiredLiterals | undefined {
  const found = ofNode(withImplied(filter.root))
  return found === undefined || found.texts.length + found.ports.length > MOST ? undefined : found
}
