// The initial state, from the options.
import type { Inside } from '../../table/index.js'
import type { View } from '../../views/define.js'
import { NOTHING_CHOSEN, newPage, type UiState } from '../model/model.js'
import type { Settings } from '../settings/settings.js'

/** Options of the UI. */
export interface StartOptions {
  /** the file to show; undefined: this machine */
  readonly file: string | undefined
  /** ms between two snapshots of a live capture */
  readonly refresh: number
  /** files and folders of the rules to evaluate */
  readonly rulesFiles: readonly string[]
  /** command-line arguments that select what is captured */
  readonly captureArguments: readonly string[]
  /** show processes below their parents */
  readonly tree: boolean
  readonly filter: string
  readonly view: View
  readonly views: readonly View[]
  /** container or pod columns, whether there are any or not */
  readonly wanted: Inside
  /** saved settings */
  readonly settings: Settings
  /** data of I/O calls are masked until the user shows them */
  readonly masked: boolean
  /** built-in actions and the user's own */
  readonly actions: UiState['actions']
  /** a message to show at the start */
  readonly note: string | undefined
}

/** width, height: of the terminal in cells. runsAs: accounts that actions run as. */
export function startState(o: StartOptions, width: number, height: number, runsAs?: UiState['runsAs']): UiState {
  return {
    width,
    height,
    views: o.views,
    wanted: o.wanted,
    inside: o.wanted,
    refresh: o.refresh,
    file: o.file,
    rulesFiles: o.rulesFiles,
    captureArguments: o.captureArguments,
    filter: o.filter,
    source: undefined,
    meter: undefined,
    own: 0,
    pages: [{ ...newPage(o.view, undefined), tree: o.tree }],
    number: 0,
    result: undefined,
    refused: undefined,
    held: false,
    newest: undefined,
    at: undefined,
    chosen: NOTHING_CHOSEN,
    mouse: o.settings.mouse ?? true,
    actions: o.actions,
    runsAs,
    settings: o.settings,
    masked: o.masked,
    dataStyle: 'text',
    writing: undefined,
    search: '',
    overlay: undefined,
    note: o.note,
    damaged: false,
    failed: undefined,
    click: undefined,
  }
}
