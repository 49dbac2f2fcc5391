// One line of the screen: pieces of text with the looks of their roles, cut to its width. The line is one finished text, so
// that nothing has to measure it or split it into cells again; drawn-lines.ts takes it from Ink's box.

import type { ComponentType } from 'react'
import { createContext, useContext } from 'react'
import { fitLine, joined, lineWidth, type Role, type Span } from '../layout/spans.js'
import type { LineAttributes } from './drawn-lines.js'
import { Theme } from './theme.js'

/** The element that Ink's Box creates, with the attributes that drawn-lines.ts reads. */
const LineBox = 'ink-box' as unknown as ComponentType<
  LineAttributes & { readonly style: { readonly width: number; readonly height: 1; readonly flexShrink: 0 } }
>

interface LineProps {
  readonly spans: readonly Span[]
  /** width of the line in cells */
  readonly width: number
  /** role of the cells after the text; absent: they stay empty */
  readonly fill?: Role
}

export function Line({ spans, width, fill }: LineProps) {
  const theme = useContext(ThemeContext)
  const pieces = fitLine(spans, width, fill)
  const text = joined(pieces).reduce((line, [piece, role]) => line + (theme.paint(role)?.(piece) ?? piece), '')
  return <LineBox style={{ width, height: 1, flexShrink: 0 }} text={text} cells={lineWidth(pieces)} />
}

interface LinesProps {
  readonly lines: readonly (readonly Span[])[]
  readonly width: number
}

/** Lines below each other. */
export function Lines({ lines, width }: LinesProps) {
  return lines.map((spans, i) => <Line key={i} spans={spans} width={width} />)
}

/** The looks of roles on this terminal; without colours by default. */
export const ThemeContext = createContext(new Theme(0))
