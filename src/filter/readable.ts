// Readable text of typed trees: the meanings of the names in generated code.
import { GLYPHS } from '../model/glyphs.js'
import type { Node, TestNode, ValueNode } from './typed.js'

/** Maximum number of constants shown of a list. */
const FEW = 8

/** A value as a user would write it. */
export function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** A test without its left side. */
export function printTest(n: TestNode): string {
  const values = n.constants.map((c) => (c instanceof Uint8Array ? `${c.length} bytes` : show(c)))
  const shown = values.length > FEW ? [...values.slice(0, FEW), `${GLYPHS.more} ${values.length - FEW} more`] : values
  const right = n.op.right === 'list' || n.modifier !== undefined ? `(${shown.join(', ')})` : shown.join('')
  return [n.op.text, n.modifier, right].filter((w) => w !== undefined && w !== '').join(' ')
}

/** A node. */
export function readable(n: Node): string {
  if (n.kind === 'not') return `not ${readable(n.item)}`
  if (n.kind !== 'test') return `(${n.items.map(readable).join(` ${n.kind} `)})`
  return `${readableValue(n.left)} ${n.right === undefined ? printTest(n) : `${n.op.text} ${readableValue(n.right)}`}`
}

function readableValue(v: ValueNode): string {
  if (v.kind === 'const') return show(v.value)
  return v.kind === 'field' ? v.use.text : `${v.transformer.name}(${v.args.map(readableValue).join(', ')})`
}
