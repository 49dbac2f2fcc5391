// One line of the screen: pieces of text, cut to the cells that there are.
import type { ComponentType, ReactNode } from 'react'
import { fitLine, joined, type Role, type Span } from '../layout/spans.js'
import { Styled } from './styled.js'

/**
 * What Ink's Text makes, with a size of its own. A Text is measured, and Ink remembers every text that it has ever measured: a
 * line of numbers is another text every second, for as long as the UI is open.
 */
const SizedText = 'ink-text' as unknown as ComponentType<{
  readonly style: { readonly width: number; readonly height: 1; readonly flexShrink: 0 }
  readonly children: ReactNode
}>

export interface LineProps {
  readonly spans: readonly Span[]
  /** cells that the line takes */
  readonly width: number
  /** what the cells behind the text are; nothing where it is absent */
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

/** Lines one under the other. */
export function Lines({ lines, width }: LinesProps) {
  return lines.map((spans, i) => <Line key={i} spans={spans} width={width} />)
}
