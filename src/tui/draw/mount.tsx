// Ink's side of the UI. Loaded only once the worker has begun: it takes longer to load than a capture to start.
import { type Instance, render } from 'ink'
import type { UiState } from '../state/model.js'
import type { Frames } from '../terminal/frames.js'
import { Screen } from './screen.js'
import type { Theme } from './theme.js'

export type { Instance }

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
