// Lines as pieces of text with a role each: measured, filled, cut and placed side by side.
import { fit, skip, upTo, width } from '../terminal/width.js'

/** The role of a piece of text; the theme defines its look. */
export type Role =
  | 'text'
  | 'dim'
  | 'strong'
  | 'accent'
  | 'good'
  | 'warn'
  | 'bad'
  | 'bar'
  | 'barDim'
  | 'barAccent'
  | 'titles'
  | 'sorted'
  | 'selected'
  | 'selectedDim'
  | 'found'
  | 'key'
  | 'keyLabel'
  | 'ended'
  | 'graph'
  | 'in'
  | 'out'
  /** a cell of a heat map, by its level */
  | `heat${number}`

/** A piece of a line: clean text and its role. */
export type Span = readonly [text: string, role: Role]

/** Width of a line in cells. */
export function lineWidth(spans: readonly Span[]): number {
  return spans.reduce((sum, [text]) => sum + width(text), 0)
}

/** The line cut to `cells`; with `fill`, padded to exactly that width with blanks of that role. */
export function fitLine(spans: readonly Span[], cells: number, fill?: Role): Span[] {
  const out: Span[] = []
  let left = cells
  for (const [text, role] of spans) {
    if (left <= 0) break
    const w = width(text)
    if (w > left) {
      out.push([fit(text, left), role])
      left = 0
      break
    }
    out.push([text, role])
    left -= w
  }
  if (left > 0 && fill !== undefined) out.push([' '.repeat(left), fill])
  return out
}

/** The line with adjacent pieces of the same role merged: fewer pieces are drawn faster. */
export function joined(spans: readonly Span[]): Span[] {
  const out: [text: string, role: Role][] = []
  for (const [text, role] of spans) {
    const last = out.at(-1)
    if (last?.[1] === role) last[0] += text
    else out.push([text, role])
  }
  return out
}

/** The line without its first `cells`. */
export function dropCells(spans: readonly Span[], cells: number): Span[] {
  if (cells <= 0) return [...spans]
  const out: Span[] = []
  let left = cells
  for (const [text, role] of spans) {
    const w = width(text)
    if (left >= w) {
      left -= w
      continue
    }
    out.push([left > 0 ? skip(text, left) : text, role])
    left = 0
  }
  return out
}

/** A line of `cells` with a left and a right end, and blanks of `role` between them; the left one is cut if needed. */
export function bothEnds(left: readonly Span[], right: readonly Span[], cells: number, role: Role): Span[] {
  const room = cells - lineWidth(right)
  if (room < 1) return fitLine(left, cells, role)
  return [...fitLine(left, room, role), ...right]
}

/** Clean text wrapped to lines of at most `cells`, at blanks, or within words that are longer than a line. */
export function wrap(text: string, cells: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`
    if (width(next) > cells && line !== '') {
      lines.push(line)
      line = word
    } else line = next
    while (width(line) > cells) {
      // a character wider than the line is cut when drawn
      const part = upTo(line, cells) || ([...line][0] as string)
      lines.push(part)
      line = line.slice(part.length)
    }
  }
  if (line !== '') lines.push(line)
  return lines
}

/** The same line with other roles, for the selected row. */
export function recolor(spans: readonly Span[], role: (r: Role) => Role): Span[] {
  return spans.map(([text, r]) => [text, role(r)] as const)
}
