// The UI on a terminal: mounted with Ink, and drawn again for each new state.
import { render } from 'ink'
import type { UiState } from '../model/model.js'
import type { InkOutput } from '../terminal/ink-output.js'
import { App } from './app.js'
import type { Theme } from './theme.js'

/**
 * Limits the frame rate on large screens: Ink splits each frame into cells, and drawing should leave the CPU to the
 * programs that are observed.
 */
const CELLS_PER_SECOND = 150_000
const FPS = { most: 30, least: 10 }

export interface Mounted {
  show(state: UiState): void
  /** Stops drawing. */
  unmount(): void
}

/** Draws on a clear screen. `failed`: called when a component throws; drawing then stops. */
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
