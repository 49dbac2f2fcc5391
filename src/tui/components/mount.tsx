// The UI on a terminal: Ink keeps the components and lays out their boxes, and each new state is drawn on the screen.
import { Writable } from 'node:stream'
import { Box, type DOMElement, render } from 'ink'
import { useLayoutEffect, useRef } from 'react'
import type { UiState } from '../model/model.js'
import type { Screen } from '../terminal/screen.js'
import { App } from './app.js'
import { drawnLines } from './drawn-lines.js'
import type { Theme } from './theme.js'

export interface Mounted {
  show(state: UiState, theme: Theme): void
  /** Stops drawing. */
  unmount(): void
}

/** Draws on a clear screen. `failed`: called when a component throws; drawing then stops. */
export function mount(
  first: UiState,
  theme: Theme,
  screen: Pick<Screen, 'draw'>,
  failed: (e: unknown) => void,
): Mounted {
  const ink = render(<Drawn state={first} theme={theme} screen={screen} />, {
    stdout: new Nowhere() as unknown as NodeJS.WriteStream,
    stdin: process.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
    maxFps: 1,
  })
  ink.waitUntilExit().catch(failed)
  return {
    show: (state, look) => ink.rerender(<Drawn state={state} theme={look} screen={screen} />),
    unmount: () => ink.unmount(),
  }
}

interface DrawnProps {
  readonly state: UiState
  readonly theme: Theme
  readonly screen: Pick<Screen, 'draw'>
}

/** The app, drawn after each layout. Its position is absolute: for Ink the frame has no lines, so that it draws none itself. */
function Drawn({ state, theme, screen }: DrawnProps) {
  const box = useRef<DOMElement>(null)
  useLayoutEffect(() => {
    if (box.current !== null) screen.draw(drawnLines(box.current))
  })
  return (
    <Box ref={box} position="absolute">
      <App state={state} theme={theme} />
    </Box>
  )
}

/** The output of Ink's own writer: sequences around a frame without lines. */
class Nowhere extends Writable {
  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    done()
  }
}
