// Actions of the selected row: the facts that they use, and the keys of their menu and page.

import { type OwnAction, STARTED } from '../../actions/define.js'
import { offers, type RowFacts } from '../../actions/offer.js'
import { plainText } from '../../filter/literal.js'
import { columnsOf, hiddenFields } from '../../views/define.js'
import { selectedRow } from '../layout/rows.js'
import { type Overlay, page, type ShownRow, type Step, step, type UiState } from '../model/model.js'
import { commandText, keyFields, requestedInside } from '../model/query.js'
import { settle } from './selection.js'

type ActionsMenu = Extract<Overlay, { kind: 'actions' }>
type ActionPage = Extract<Overlay, { kind: 'action' }>

/** Opens the menu of actions for the selected row. */
export function openActions(s: UiState): Step {
  const row = selectedRow(s)
  if (row === undefined) return step({ ...s, note: 'no row is selected' })
  if (row.group !== undefined)
    return step({ ...s, note: 'this row is a group of short-lived processes: Enter opens it' })
  const found = offers(s.actions, factsOf(s, row))
  if (found.length === 0) return step({ ...s, note: `there are no actions for this row of ${page(s).view.name}` })
  return step({ ...s, overlay: { kind: 'actions', at: 0, offers: found } })
}

/** Shows the command of the marked action. */
export function chooseAction(s: UiState, o: ActionsMenu): Step {
  const offer = o.offers[o.at]
  return step(offer === undefined ? s : { ...s, overlay: { kind: 'action', offer, top: 0, confirms: false } })
}

/** The index in the menu of the user's action with that key. */
export function byKey(o: ActionsMenu, key: string): number | undefined {
  const at = o.offers.findIndex(({ action }) => (action as OwnAction).key === key)
  return at < 0 ? undefined : at
}

/** Handles keys of an action's page; undefined for keys of any page. */
export function actionInput(s: UiState, o: ActionPage, key: string): Step | undefined {
  const { argv, refused, action } = o.offer
  const left = settle({ ...s, overlay: undefined })
  if (o.confirms) return key === 'y' ? step(left, { kind: 'run', offer: o.offer }) : step({ ...left, note: 'not run' })
  if (key === 'y' && argv !== undefined)
    return step({ ...s, note: `copied: ${commandText(argv)}` }, { kind: 'copy', text: commandText(argv) })
  if (key !== 'enter') return undefined
  if (refused !== undefined) return step({ ...s, note: refused })
  if (s.runsAs === undefined) return step({ ...s, note: 'ksys ui --actions runs it; y copies it' })
  if (action.changes) return step({ ...s, overlay: { ...o, confirms: true }, note: 'Run it? y/N' })
  return step(left, { kind: 'run', offer: o.offer })
}

/** The row's facts: its keys, and columns with one value for the whole row. */
function factsOf(s: UiState, row: ShownRow): RowFacts {
  const { view } = page(s)
  const columns = s.result?.columns ?? []
  const plainFields = new Set(
    columnsOf(view).flatMap((c) => (c.agg === undefined && c.groupAgg === undefined ? [c.field] : [])),
  )
  const keys = keyFields(view, s.result?.inside ?? requestedInside(s, s.inside)).map(
    (f, i) => [f, row.keys[i]] as const,
  )
  const cells = columns.flatMap(({ field }, i) => (plainFields.has(field) ? [[field, row.cells[i]] as const] : []))
  const began = hiddenFields(view).indexOf(STARTED)
  const hidden = began < 0 ? [] : [[STARTED, row.cells[columns.length + began]] as const]
  const values: Record<string, string> = {}
  // the first value of a field counts: a key is as the kernel reports it
  for (const [field, value] of [...keys, ...hidden, ...cells])
    if (value !== undefined && value !== '') values[field] ??= plainText(value)
  const { container, ...names } = ofHost(values)
  return {
    view: view.id,
    values: { ...values, ...names },
    container,
    ended: row.absentFor > 0,
    file: s.file !== undefined,
  }
}

/** Names without their container prefix, and the container that the row belongs to. */
function ofHost(values: Readonly<Record<string, string>>): Record<string, string> & { container?: string } {
  for (const field of ['fd.name', 'fd.directory']) {
    const both = values[field.replace('fd.', 'fd.container')]
    const colon = both?.indexOf(':') ?? -1
    if (both === undefined || colon < 0) continue
    const name = { [field]: both.slice(colon + 1) }
    return colon === 0 ? name : { ...name, container: both.slice(0, colon) }
  }
  const container = values['container.name'] ?? values['container.id']
  return container === undefined || container === 'host' ? {} : { container }
}
