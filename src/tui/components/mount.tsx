// The UI on a terminal: mounted by Ink, and drawn again whenever the state is another one.
import { render } from 'ink'
import type { UiState } from '../state/model.js'
import type { InkOutput } from '../terminal/ink-output.js'
import { App } from './app.js'
import type { Theme } from './theme.js'

/** Ink takes each frame apart into cells: on a large screen there are fewer, so that drawing leaves the CPU to what is watched. */
const CELLS_PER_SECOND = 150_000
const FPS = { most: 30, least: 10 }

export interface Mounted {
  show(state: UiState): void
  /** Nothing is drawn any more. */
  unmount(): void
}

/** Draws on a clear screen. `failed`: a component has thrown; nothing is drawn any more. */
export function mount(first: UiState, theme: Theme, output: InkOutput, failed: (e: unknown) => void): Mounted {
  const ink = render(<App state={first} theme={theme} />, {
    stdout: output as unknown as NodeJS.WriteStream,
    stdin: process.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
    incrementalRendering: true,
    maxFps: Math.max(FPS.least, Math.min(FPS.most, CELLS_PER_SECOND / (first.width * first.height))),
  })
  ink.waitUntilExit().catch(failed)
  return {
    show: (state) => ink.rerender(<App state={state} theme={theme} />),
    unmount: () => ink.unmount(),
  }
}
