// Opens the UI with the requested view and filter, which are checked before the UI uses the terminal.
import { ACTIONS } from '../../actions/catalog/index.js'
import { registry } from '../../fields/index.js'
import { checkFilter } from '../../filter/index.js'
import { runUi, type UiEnd, type UiOptions } from '../../tui/app.js'
import { type PlainEnd, type PlainOptions, runPlain } from '../../tui/plain.js'
import { WHOLE_MACHINE } from '../../views/define.js'
import { loadViews, viewsFor } from '../../views/index.js'
import { CliError, EXIT } from '../errors/exit.js'
import { unavailable } from '../errors/unavailable.js'
import { orUsage } from '../query/query.js'
import { type OwnActions, ownActions } from './actions.js'

/** The parameters of the UI, on the terminal or printed as text. */
export interface Opened {
  /** the view to start with */
  readonly id: string | undefined
  readonly filter: string
  /** also print the system's messages if the capture cannot start */
  readonly verbose: boolean
  readonly options: Omit<UiOptions, 'filter' | 'view' | 'views' | 'actions'>
  /** the user's own actions, if they have been read already */
  readonly own: OwnActions['own'] | undefined
  readonly plain: Pick<PlainOptions, 'width' | 'lines' | 'write' | 'printMessage' | 'ended'> | undefined
}

/** Runs until the user quits, or everything has been printed; returns the exit code. */
export async function openUi({ id, filter, verbose, options, own, plain }: Opened): Promise<number> {
  const views = await loadViews()
  const view =
    id === undefined ? viewsFor(views, WHOLE_MACHINE)[0] : views.find((v) => v.id === id || v.alsoNamed === id)
  if (view === undefined)
    throw new CliError(EXIT.usage, `no view '${id}'; the views are ${views.map((v) => v.id).join(', ')}`)
  const warnings = filter === '' ? [] : orUsage(() => checkFilter(filter, registry)).warnings
  for (const warning of plain === undefined ? [] : warnings) plain?.printMessage(warning)
  const mine = own === undefined && plain === undefined ? await ownActions() : { own: own ?? [], note: undefined }
  const note = options.note ?? mine.note ?? warnings[0]
  const all = { ...options, filter, view, views, actions: [...ACTIONS, ...mine.own], note }
  const end = plain === undefined ? await runUi(all) : endOf(await runPlain({ ...all, ...plain }))
  if (end.message === undefined) return end.exitCode
  if (end.refusal !== undefined) throw unavailable({ ...end.refusal, message: end.message }, verbose)
  throw new CliError(end.exitCode, end.message)
}

function endOf(end: PlainEnd): UiEnd {
  if (end.kind === 'done') return { exitCode: EXIT.ok, message: undefined }
  if (end.kind === 'refused') return { exitCode: EXIT.usage, message: end.text }
  return { exitCode: end.exitCode, message: end.text, refusal: end.refusal }
}
