// Parses a format: literal text, %-expressions with their widths, escapes, and the leading star for incomplete lines.
import type { FieldRegistry } from '../../fields/registry.js'
import { type Expression, FormatError, parseExpression } from './expression.js'

export interface Column {
  readonly expression: Expression
  /** exact number of columns; 0: as many as the value needs */
  readonly width: number
  readonly right: boolean
}

export interface ParsedFormat {
  /** the leading *: lines with absent values are printed too */
  readonly keep: boolean
  readonly parts: readonly (string | Column)[]
}

const WIDTH = /-?\d+/y
const WIDEST = 4096
const MAX_LENGTH = 1 << 16
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', e: '\x1b', '\\': '\\' }

/** Parses a format. Throws FormatError. */
export function parseFormat(text: string, registry: FieldRegistry): ParsedFormat {
  if (text.length > MAX_LENGTH)
    throw new FormatError(`a format has at most ${MAX_LENGTH} characters, this one ${text.length}`, 0, 1, text)
  const keep = text.startsWith('*')
  const parts: (string | Column)[] = []
  let literal = ''
  let at = keep ? 1 : 0
  while (at < text.length) {
    const c = text[at] as string
    if (c === '\\') {
      const escaped = ESCAPES[text[at + 1] ?? '']
      literal += escaped ?? c
      at += escaped === undefined ? 1 : 2
      continue
    }
    if (c !== '%') {
      literal += c
      at++
      continue
    }
    if (text[at + 1] === '%') {
      literal += '%'
      at += 2
      continue
    }
    WIDTH.lastIndex = at + 1
    const width = WIDTH.exec(text)?.[0] ?? ''
    if (Math.abs(Number(width)) > WIDEST)
      throw new FormatError(`a column has at most ${WIDEST} characters`, at + 1, width.length, text)
    const { expression, end } = parseExpression(text, at + 1 + width.length, registry)
    if (literal !== '') parts.push(literal)
    literal = ''
    parts.push({ expression, width: Math.abs(Number(width)), right: width.startsWith('-') })
    at = end
  }
  if (literal !== '') parts.push(literal)
  return { keep, parts }
}
