// The state at the start: what the person asked for, and nothing heard yet.
import type { Inside } from '../../table/index.js'
import type { View } from '../../views/define.js'
import type { Settings } from '../settings/settings.js'
import { NOTHING_CHOSEN, newPage, type UiState } from './model.js'

/** What was asked for. */
export interface StartOptions {
  /** the file that is shown; undefined for this machine */
  readonly file: string | undefined
  /** ms between two snapshots of a live capture */
  readonly refresh: number
  /** files and folders of the rules that events are asked */
  readonly rulesFiles: readonly string[]
  /** words of the options that say what is captured and what is kept out of it */
  readonly capturing: readonly string[]
  /** processes stand below those that began them */
  readonly tree: boolean
  readonly filter: string
  readonly view: View
  readonly views: readonly View[]
  /** container or pod columns, whether there are any or not */
  readonly wanted: Inside
  /** what the person chose before */
  readonly settings: Settings
  /** data that programs moved are not shown until the person wants them to be */
  readonly masked: boolean
  /** what can be done with rows: what comes with ksys and the user's own */
  readonly actions: UiState['actions']
  /** what is to be told at the start */
  readonly note: string | undefined
}

/** width, height: of the terminal in cells. runsAs: as whom actions run. */
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
    capturing: o.capturing,
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
