// A page of docs/ as text for a terminal: headings, paragraphs, lists, code and tables of Markdown, wrapped to a width.
import { styleText } from 'node:util'
import { lexer, type Token, type Tokens } from 'marked'
import { width as cells } from '../../format/text/width.js'

type Style = Parameters<typeof styleText>[0]

/** A part of a word, with its style. */
interface Piece {
  readonly text: string
  readonly style?: Style
}

/** A word that is not split between lines; `code` that contains blanks is several words. */
type Word = readonly Piece[]

/** How pages are printed. columns: the width to wrap to; color: whether escape sequences are allowed. */
interface PageOptions {
  readonly columns: number
  readonly color: boolean
}

const CODE_INDENT = '    '
const COLUMN_GAP = '  '
/** The width below which no column is narrowed in a table whose longest words do not fit. */
const NARROWEST = 8

/** The text of a page, with a line end after the last line. Code and tables with code keep their line breaks. */
export function pageText(markdown: string, options: PageOptions): string {
  const lines = blocks(lexer(markdown), options, '')
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** Lines of blocks, each followed by an empty line. */
function blocks(tokens: readonly Token[], o: PageOptions, indent: string): string[] {
  return tokens.flatMap((token) => {
    const lines = block(token as Tokens.Generic, o, indent)
    return lines.length === 0 ? [] : [...lines, '']
  })
}

function block(token: Tokens.Generic, o: PageOptions, indent: string): string[] {
  switch (token.type) {
    case 'heading':
      return wrapped(words(token.tokens ?? [], token.depth === 1 ? ['bold', 'underline'] : 'bold'), o, indent)
    case 'paragraph':
    case 'text':
      return wrapped(words(token.tokens ?? [{ type: 'text', raw: token.text, text: token.text }]), o, indent)
    case 'code':
      return token.text.split('\n').map((line: string) => indent + CODE_INDENT + line)
    case 'list':
      return list(token as Tokens.List, o, indent)
    case 'blockquote':
      return blocks(token.tokens ?? [], o, `${indent}  `).slice(0, -1)
    case 'table':
      return table(token as Tokens.Table, o, indent)
    default:
      // comments and pictures of HTML, link definitions and blank lines are not printed
      return []
  }
}

function list({ items, ordered, start, loose }: Tokens.List, o: PageOptions, indent: string): string[] {
  return items.flatMap((item, i) => {
    const mark = ordered ? `${Number(start) + i}. ` : '- '
    const inner = indent + ' '.repeat(mark.length)
    const lines = blocks(item.tokens, o, inner)
    while (lines.at(-1) === '') lines.pop()
    const compact = loose ? [...lines, ''] : lines
    compact[0] = indent + mark + (compact[0] ?? '').slice(inner.length)
    return loose && i === items.length - 1 ? compact.slice(0, -1) : compact
  })
}

function table({ header, rows }: Tokens.Table, o: PageOptions, indent: string): string[] {
  const all = [header, ...rows].map((row, i) => row.map((c) => words(c.tokens, i === 0 ? 'bold' : undefined)))
  const natural = header.map((_, c) => Math.max(...all.map((row) => lineWidth(row[c] ?? []))))
  const available = o.columns - indent.length - COLUMN_GAP.length * (header.length - 1)
  const longest = header.map((_, c) => Math.max(...all.map((row) => Math.max(0, ...(row[c] ?? []).map(wordWidth)))))
  const widths = narrowed(natural, longest, available)
  return all.flatMap((row) => {
    const columns = row.map((cell, c) => wrappedWords(cell, widths[c] as number))
    const height = Math.max(...columns.map((lines) => lines.length))
    return Array.from({ length: height }, (_, y) => {
      const parts = columns.map((lines, c) => {
        const line = lines[y] ?? []
        return painted(line, o.color) + ' '.repeat(Math.max(0, (widths[c] as number) - lineWidth(line)))
      })
      return indent + parts.join(COLUMN_GAP)
    })
  })
}

/**
 * Column widths that sum up to at most `available`: the widest column is narrowed first, and none below its longest word if all
 * of these fit.
 */
function narrowed(natural: readonly number[], longest: readonly number[], available: number): number[] {
  const least = sum(longest) <= available ? longest : natural.map((w) => Math.min(w, NARROWEST))
  const widths = [...natural]
  for (let over = sum(widths) - available; over > 0; over--) {
    const spare = widths.map((w, i) => (w > (least[i] as number) ? w : 0))
    const widest = Math.max(...spare)
    if (widest === 0) break
    widths[spare.indexOf(widest)] = widest - 1
  }
  return widths
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** The words of inline tokens. `style` applies where a token has none of its own. */
function words(tokens: readonly Token[], style?: Style): Word[] {
  const all: Piece[][] = [[]]
  const add = (text: string, s = style) => {
    for (const [i, part] of text.split(/\s+/).entries()) {
      if (i > 0) all.push([])
      if (part !== '') all.at(-1)?.push(s === undefined ? { text: part } : { text: part, style: s })
    }
  }
  const walk = (list: readonly Token[], s: Style | undefined) => {
    for (const token of list as Tokens.Generic[]) inline(token, s)
  }
  const inline = (token: Tokens.Generic, s: Style | undefined) => {
    switch (token.type) {
      case 'strong':
        return walk(token.tokens ?? [], 'bold')
      case 'em':
        return walk(token.tokens ?? [], 'italic')
      case 'codespan':
        return add(token.text, 'cyan')
      case 'link':
        return link(token as Tokens.Link, s)
      case 'br':
        all.push([])
        return
      case 'image':
      case 'html':
        return
      default:
        return token.tokens === undefined ? add(token.text ?? '', s) : walk(token.tokens, s)
    }
  }
  const link = ({ href, tokens, text }: Tokens.Link, s: Style | undefined) => {
    walk(tokens, s)
    if (/^https?:/.test(href) && href !== text) add(` (${href})`, s)
  }
  walk(tokens, style)
  return all.filter((word) => word.length > 0)
}

/** No line for no words: a paragraph that is a picture. */
function wrapped(all: readonly Word[], o: PageOptions, indent: string): string[] {
  if (all.length === 0) return []
  const lines = wrappedWords(all, Math.max(20, o.columns - indent.length))
  return lines.map((line) => indent + painted(line, o.color))
}

function wrappedWords(all: readonly Word[], columns: number): Word[][] {
  const lines: Word[][] = [[]]
  let used = 0
  for (const word of all) {
    const w = wordWidth(word)
    if (used > 0 && used + 1 + w > columns) {
      lines.push([])
      used = 0
    }
    lines.at(-1)?.push(word)
    used += w + (used > 0 ? 1 : 0)
  }
  return lines
}

const wordWidth = (word: Word): number => sum(word.map((p) => cells(p.text)))
const lineWidth = (line: readonly Word[]): number => sum(line.map(wordWidth)) + Math.max(0, line.length - 1)

function painted(line: readonly Word[], color: boolean): string {
  const paint = ({ text, style }: Piece) =>
    color && style !== undefined ? styleText(style, text, { validateStream: false }) : text
  return line.map((word) => word.map(paint).join('')).join(' ')
}
