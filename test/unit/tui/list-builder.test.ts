// Rows of a live list that were on the screen can be opened, also when many newer ones have come meanwhile.
import { expect, test } from 'vitest'
import { State } from '../../../src/state/state.js'
import { LISTED } from '../../../src/tui/worker/list-builder.js'
import { planView } from '../../../src/tui/worker/plan-view.js'
import { cursor, makeBatch } from '../../helpers/rows.js'
import { INFO } from '../../helpers/trace.js'
import { views } from './ui.js'

const inside = { containers: false, pods: false }
const dig = views.find((v) => v.id === 'dig') as (typeof views)[number]
const ROWS = 10

test('a paused row can be opened although the screen was some results behind', () => {
  const plan = planView(dig, { filter: '', inside, sort: undefined, apart: false, data: 'masked' }, 1000)
  const format = { timestyle: 'h', bufferStyle: 'text' } as never
  const builder = plan.start({ info: INFO, states: [new State(INFO)], format } as never, true)
  const batch = makeBatch(Array.from({ length: ROWS }, () => ({ type: 'getppid' })))
  const e = cursor()
  let num = 0
  const more = (count: number) => {
    for (let i = 0; i < count; i++) {
      batch.num[i % ROWS] = ++num
      e.moveTo(batch, i % ROWS)
      builder.add(e)
    }
  }
  more(ROWS)
  const onScreen = builder.take(0, ROWS, undefined).rows
  for (let i = 0; i < 3; i++) {
    more(LISTED)
    builder.take(0, ROWS, undefined)
  }
  builder.hold?.(true)
  more(LISTED * 2)
  builder.take(0, ROWS, undefined)
  for (const { id } of onScreen) expect(builder.event?.(id)?.type).toBeDefined()
})
