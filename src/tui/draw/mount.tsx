// Ink's side of the UI: each line is a Text, since a line is what is written again when it changes.
import { Box, type Instance, render, Text } from 'ink'
import { memo } from 'react'
import type { UiState } from '../state/model.js'
import type { Frames } from '../terminal/frames.js'
import type { Lines } from '../terminal/lines.js'
import { screenLines } from './screen.js'
import type { Theme } from './theme.js'

export type { Instance }

const Line = memo(function Line({ mark }: { mark: string }) {
  return <Text>{mark}</Text>
})

interface ScreenProps {
  readonly state: UiState
  readonly theme: Theme
  /** where the lines go */
  readonly lines: Lines
}

function Screen({ state, theme, lines }: ScreenProps) {
  return (
    <Box flexDirection="column">
      {screenLines(state).map((spans, i) => (
        <Line key={i} mark={lines.put(i, theme.line(spans))} />
      ))}
    </Box>
  )
}

/** Draws the first frame. */
export function mount(state: UiState, theme: Theme, frames: Frames): Instance {
  return render(<Screen state={state} theme={theme} lines={frames.lines} />, {
    stdout: frames as unknown as NodeJS.WriteStream,
    stdin: process.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    // frames come whole and at once; Frames writes what differs
    debug: true,
  })
}

/** Draws the next frame. */
export function redraw(instance: Instance, state: UiState, theme: Theme, frames: Frames): void {
  instance.rerender(<Screen state={state} theme={theme} lines={frames.lines} />)
}
