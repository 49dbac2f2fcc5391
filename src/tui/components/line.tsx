// One line of the screen: pieces of text, cut to its width.
import type { ComponentType, ReactNode } from 'react'
import { fitLine, joined, type Role, type Span } from '../layout/spans.js'
import { Styled } from './styled.js'

/**
 * The element that Ink's Text creates, with a fixed size. Ink measures each Text and caches every measured string
 * forever: a line of numbers is a new string every second, for as long as the UI is open.
 */
const SizedText = 'ink-text' as unknown as ComponentType<{
  readonly style: { readonly width: number; readonly height: 1; readonly flexShrink: 0 }
  readonly children: ReactNode
}>

export interface LineProps {
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

export interface LinesProps {
  readonly lines: readonly (readonly Span[])[]
  readonly width: number
}

/** Lines below each other. */
export function Lines({ lines, width }: LinesProps) {
  return lines.map((spans, i) => <Line key={i} spans={spans} width={width} />)
}
