// Lines as pieces of text, each with what it is: measured, filled, cut and laid side by side.
import { fit, skip, upTo, width } from '../terminal/width.js'

/** What a piece of text is; the theme says how that looks. */
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
  | 'gone'
  | 'graph'
  | 'in'
  | 'out'
  /** a cell of a heat map, by its level */
  | `heat${number}`

/** A piece of a line: clean text and what it is. */
export type Span = readonly [text: string, role: Role]

/** Cells that a line takes. */
export function lineWidth(spans: readonly Span[]): number {
  return spans.reduce((sum, [text]) => sum + width(text), 0)
}

/** The line in at most `cells`; with `fill`, in exactly so many: the rest is blanks of that role. */
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

/** The line with neighbours of one look as one piece: fewer pieces are drawn sooner. */
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

/** Left and right end of a line of `cells`, with blanks of `role` between; the left one gives way. */
export function bothEnds(left: readonly Span[], right: readonly Span[], cells: number, role: Role): Span[] {
  const room = cells - lineWidth(right)
  if (room < 1) return fitLine(left, cells, role)
  return [...fitLine(left, room, role), ...right]
}

/** Clean text as lines of at most `cells`, broken at blanks, and within words that are longer than a line. */
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
      // a character that is wider than the line is cut by whoever draws it
      const part = upTo(line, cells) || ([...line][0] as string)
      lines.push(part)
      line = line.slice(part.length)
    }
  }
  if (line !== '') lines.push(line)
  return lines
}

/** The same line in another look, for the selected row. */
export function recolor(spans: readonly Span[], role: (r: Role) => Role): Span[] {
  return spans.map(([text, r]) => [text, role(r)] as const)
}
