// After a run that showed nothing: the filter that would have shown the sibling call which did occur.

import { siblingsOf } from '../schema/siblings.js'
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

/** The tree with its type checks widened by the siblings that occurred; `found` collects [asked for, occurred]. */
function widened(e: Expr, counts: Uint32Array, found: [string, string][]): Expr {
  if (e.kind === 'and' || e.kind === 'or') return { kind: e.kind, items: e.items.map((i) => widened(i, counts, found)) }
  // Under `not` a wider check passes less.
  if (e.kind === 'not' || !isTypeCheck(e)) return e
  const right = e.right
  if (right === undefined || right.kind === 'field' || right.kind === 'call') return e
  const items: readonly Literal[] = right.kind === 'list' ? right.items : [right]
  const names = new Set(items.map((i) => i.text))
  const before = names.size
  for (const { text } of items) {
    if (seen(counts, text) > 0) continue
    for (const sibling of siblingsOf(text))
      if (!names.has(sibling) && seen(counts, sibling) > 0) {
        names.add(sibling)
        found.push([text, sibling])
      }
  }
  if (names.size === before) return e
  const list = [...names].map((text): Literal => ({ kind: 'literal', text, quoted: false, span: e.span }))
  return { ...e, op: 'in', right: { kind: 'list', items: list, span: e.span } }
}

/**
 * For a filter that passed nothing: a sentence with the corrected filter when a call it asks for did not occur but a
 * sibling did. `counts` is the number of events seen by code, those that were not shown included.
 */
export function siblingHint(ast: Ast, counts: Uint32Array): string | undefined {
  const found: [string, string][] = []
  const corrected = widened(ast.root, counts, found)
  if (found.length === 0) return undefined
  const asked = [...new Set(found.map(([name]) => name))].join(', ')
  const occurred = [...new Set(found.map(([, name]) => name))].join(', ')
  return `no ${asked} occurred, but ${occurred} did; try: ${printExpr(corrected)}`
}
