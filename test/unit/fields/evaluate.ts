// Evaluates fields for hand-made events, with a state that follows them.

import type { FieldContext, FieldValue } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import type { Event } from '../../../src/model/event.js'
import { bootNs } from '../../../src/model/time.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { CaptureInfo } from '../../../src/source/source.js'
import { State } from '../../../src/state/state.js'
import { cursor, makeBatch, type RowSpec } from '../../helpers/rows.js'

/** The context of a capture of one host with this state. */
export type OneHost = FieldContext & { readonly state: State }

export const info: CaptureInfo = {
  kind: 'live',
  has: capabilitiesOf('ksys'),
  hostname: 'web1',
  kernel: '6.18',
  arch: 'x64',
  cpus: 2,
  startSec: 1_700_000_000,
  startNsec: 999_999_990,
  startBoot: bootNs(0),
  addresses: ['10.0.0.5'],
}

/** A context over a new state, of one host. */
export function context(format: Partial<FieldContext['format']> = {}, of = info): OneHost {
  const plain = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
  const state = new State(of)
  return { info: of, state, states: [state], format: { ...plain, ...format } }
}

/** Applies the events to the context's state and calls `see` at each. */
export function walk(rows: readonly RowSpec[], ctx: OneHost, see: (e: Event, i: number) => void, native = true): void {
  const batch = makeBatch(rows, native)
  const e = cursor()
  for (let i = 0; i < rows.length; i++) {
    e.moveTo(batch, i)
    ctx.state.apply(e)
    see(e, i)
  }
}

/** The value of a field for the last of the events. */
export function ask(field: string, rows: readonly RowSpec[], ctx = context(), native = true): FieldValue | undefined {
  const use = registry.find(field)
  const get = use.def.make(ctx, use.arg)
  let value: FieldValue | undefined
  walk(
    rows,
    ctx,
    (e) => {
      value = get(e)
    },
    native,
  )
  return value
}
