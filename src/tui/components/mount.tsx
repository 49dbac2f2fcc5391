// The UI on a terminal: mounted by Ink, and drawn again whenever the state is another one.
import { render } from 'ink'
import type { UiState } from '../state/model.js'
import type { InkOutput } from '../terminal/ink-output.js'
import { App } from './app.js'
import type { Theme } from './theme.js'

/** Frames a second at most. A frame costs the more the larger the screen is; a key that is held down repeats about as often. */
const MAX_FPS = 30

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
    maxFps: MAX_FPS,
  })
  ink.waitUntilExit().catch(failed)
  return {
    show: (state) => ink.rerender(<App state={state} theme={theme} />),
    unmount: () => ink.unmount(),
  }
}
