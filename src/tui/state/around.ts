// The events around an event: those of its container, or on the host of its process, shortly before and after.
import { literal, plainText } from '../../filter/literal.js'
import { joinFilters } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import { AROUND_FIELDS } from '../../views/define.js'
import { layout } from '../layout/layout.js'
import { rowsOf } from '../layout/rows.js'
import { clockText } from '../model/chosen.js'
import { type Drill, page, type ShownRow, type UiState, withPage } from '../model/model.js'
import { select, settle } from './selection.js'

/** The container id of threads outside containers. */
const HOST = 'host'

/** The selection of the events around a row's event, for Enter; undefined if its time is unknown. */
export function aroundDrill(s: UiState, row: ShownRow, within: number): Drill | undefined {
  const shown = s.result?.columns.length ?? 0
  const cells: Partial<Record<(typeof AROUND_FIELDS)[number], Cell>> = Object.fromEntries(
    AROUND_FIELDS.map((field, i) => [field, row.cells[shown + i]]),
  )
  const time = cells['evt.rawtime']
  if (typeof time !== 'bigint') return undefined
  const inContainer = cells['container.id'] !== undefined && cells['container.id'] !== HOST
  const who = inContainer ? 'container.id' : 'proc.pid'
  const fields = s.inside.hosts === true ? ([who, 'host.name'] as const) : ([who] as const)
  const known = fields.flatMap((field) => {
    const value = cells[field]
    return value === undefined ? [] : [{ field, value }]
  })
  const times = `evt.rawtime>=${time - BigInt(within)} and evt.rawtime<=${time + BigInt(within)}`
  return {
    field: who,
    filter: joinFilters(times, known.map(({ field, value }) => `${field}=${literal(value)}`).join(' and ')) as string,
    label: [`around ${clockText(time, 0n)}`, ...known.map(({ field, value }) => `${field}=${plainText(value)}`)].join(
      ' ',
    ),
    instead: true,
  }
}

/** Selects the row that the user came from once it is there, in the middle of the screen. */
export function toWanted(s: UiState): UiState {
  const { wanted } = page(s)
  const at = rowsOf(s).findIndex((row) => String(row.keys[0]) === wanted)
  if (at >= 0) return select(withPage(s, { top: Math.max(0, at - (layout(s).body >> 1)) }), at)
  return settle(s.result?.progress === undefined ? withPage(s, { wanted: undefined }) : s)
}
