// Says in words what the predicate of a filter tests: in which order, where the values come from, and what the tests cost.
import { GLYPHS } from '../model/glyphs.js'
import { clean } from '../model/sanitize.js'
import { isTypeField } from './bytype.js'
import { cost, isCached } from './cost.js'
import { evaluationOrder } from './emitter.js'
import { readable } from './readable.js'
import type { FieldUse } from './registry.js'
import type { Node, ValueNode } from './typed.js'

/** Maximum number of lines, and of characters of a test. */
const MOST = 200
const WIDEST = 120

interface Line {
  readonly depth: number
  readonly text: string
  readonly cost: number
  /** where the tested value comes from; absent for a group of tests */
  readonly from?: string
}

/** The tests of a filter, one on each line. */
export function testLines(root: Node): string[] {
  const lines = linesOf(root, 0)
  const shown = lines.slice(0, MOST)
  const widest = Math.max(...shown.flatMap((l) => (l.from === undefined ? [] : [l.depth * 2 + l.text.length])), 0)
  const texts = shown.map(({ depth, text, from, cost }) => {
    const indented = `  ${' '.repeat(depth * 2)}${text}`
    if (from === undefined) return indented
    return `${indented.padEnd(Math.min(widest, 60) + 4)}cost ${String(Math.max(1, Math.round(cost))).padStart(3)}, ${from}`
  })
  return lines.length > MOST ? [...texts, `  ${GLYPHS.more} ${lines.length - MOST} more tests`] : texts
}

function linesOf(n: Node, depth: number): Line[] {
  if (isCached(n))
    return [{ depth, text: testText(n), cost: cost(n), from: 'once for each descriptor, then remembered' }]
  if (n.kind === 'test') return [{ depth, text: testText(n), cost: cost(n), from: originOf(n.left) }]
  if (n.kind === 'not') {
    const [first, ...others] = linesOf(n.item, depth) as [Line, ...Line[]]
    return [{ ...first, text: (first.from === undefined ? NEITHER[first.text] : undefined) ?? testText(n) }, ...others]
  }
  return [
    { depth, text: ALL_OR_ONE[n.kind], cost: cost(n) },
    ...evaluationOrder(n).flatMap((i) => linesOf(i, depth + 1)),
  ]
}

const ALL_OR_ONE = { and: 'all of these, until one does not hold:', or: 'one of these, until one holds:' }
/** Their opposites. */
const NEITHER: Readonly<Record<string, string>> = {
  [ALL_OR_ONE.and]: 'not all of these, until one does not hold:',
  [ALL_OR_ONE.or]: 'none of these, until one holds:',
}

function testText(n: Node): string {
  const text = clean(readable(n)).replace(/^\((.*)\)$/, '$1')
  return text.length > WIDEST ? `${text.slice(0, WIDEST)} ${GLYPHS.more}` : text
}

/** Where a value comes from: what is read to get it. */
function originOf(v: ValueNode): string {
  if (v.kind === 'const') return 'a constant'
  if (v.kind === 'call') return `${v.transformer.name}() of ${v.args.map(originOf).join(' and ')}`
  if (isTypeField(v)) return 'by the type of the event'
  return fieldOrigin(v.use)
}

function fieldOrigin({ name, def }: FieldUse): string {
  if (def.rowOnly !== undefined) return 'the event'
  if (def.containerOnly === true) return 'the metadata of the container'
  const cost = def.cost ?? 4
  const of = OWNERS.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'the event'
  if (of === 'the event') return cost > 4 ? 'decoded from the event' : of
  return cost > 16 ? `${of} (a text that is made for the test)` : of
}

/** What fields describe, by the start of their names. */
const OWNERS: readonly (readonly [prefix: string, what: string])[] = [
  ['fd.', 'the descriptor'],
  ['fs.path', 'the event and the working directory'],
  ['proc.', 'the process'],
  ['thread.', 'the thread'],
  ['user.', 'the user of the process'],
  ['group.', 'the group of the process'],
  ['container.', 'the container'],
  ['k8s.', 'the pod'],
]
