// Opens the UI with the view and filter that were asked for, which are checked before the terminal is taken over.
import { ACTIONS } from '../../actions/catalog/index.js'
import { registry } from '../../fields/index.js'
import { checkFilter } from '../../filter/index.js'
import { runUi, type UiOptions } from '../../tui/app.js'
import { WHOLE_MACHINE } from '../../views/define.js'
import { loadViews, viewsFor } from '../../views/index.js'
import { CliError, EXIT } from '../errors/exit.js'
import { unavailable } from '../errors/unavailable.js'
import { orUsage } from '../query/query.js'
import { type Own, ownActions } from './actions.js'

/** Runs it until the person leaves; returns the exit code. `id`: the view to begin with. */
export async function openUi(
  id: string | undefined,
  filter: string,
  verbose: boolean,
  { own, ...options }: Omit<UiOptions, 'filter' | 'view' | 'views' | 'actions' | 'note'> & Partial<Own>,
): Promise<number> {
  const views = await loadViews()
  const view =
    id === undefined ? viewsFor(views, WHOLE_MACHINE)[0] : views.find((v) => v.id === id || v.alsoNamed === id)
  if (view === undefined)
    throw new CliError(EXIT.usage, `there is no view '${id}'; there are ${views.map((v) => v.id).join(', ')}`)
  if (filter !== '') orUsage(() => checkFilter(filter, registry))
  const { own: mine, note } = own === undefined ? await ownActions() : { own, note: options.note }
  const end = await runUi({ ...options, filter, view, views, actions: [...ACTIONS, ...mine], note })
  if (end.message === undefined) return end.exitCode
  if (end.refusal !== undefined) throw unavailable({ ...end.refusal, message: end.message }, verbose)
  throw new CliError(end.exitCode, end.message)
}
