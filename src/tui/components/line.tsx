// One line of the screen: pieces of text with the looks of their roles, cut to its width. Ink's own colours are not
// used: it detects the terminal's capabilities differently.

import { Transform } from 'ink'
import type { ComponentType, ReactNode } from 'react'
import { createContext, useContext } from 'react'
import { fitLine, joined, type Role, type Span } from '../layout/spans.js'
import { Theme } from './theme.js'

/**
 * The element that Ink's Text creates, with a fixed size. Ink measures each Text and caches every measured string
 * forever: a line of numbers is a new string every second, for as long as the UI is open.
 */
const SizedText = 'ink-text' as unknown as ComponentType<{
  readonly style: { readonly width: number; readonly height: 1; readonly flexShrink: 0 }
  readonly children: ReactNode
}>

interface LineProps {
  readonly spans: readonly Span[]
  /** width of the line in cells */
  readonly width: number
  /** role of the cells after the text; absent: they stay empty */
  readonly fill?: Role
}

export function Line({ spans, width, fill }: LineProps) {
  return (
    <SizedText style={{ width, height: 1, flexShrink: 0 }}>
      {joined(fitLine(spans, width, fill)).map(([text, role], i) => (
        <Styled key={i} role={role}>
          {text}
        </Styled>
      ))}
    </SizedText>
  )
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

interface StyledProps {
  readonly role: Role
  /** clean text */
  readonly children: string
}

function Styled({ role, children }: StyledProps) {
  const paint = useContext(ThemeContext).paint(role)
  return paint === undefined ? children : <Transform transform={paint}>{children}</Transform>
}
