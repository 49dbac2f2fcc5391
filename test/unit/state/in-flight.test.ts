// Calls that have not ended: the arguments in their rows, also for unknown calls.
import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import { InFlight } from '../../../src/state/in-flight.js'
import { eventOf, type RowSpec } from '../../helpers/rows.js'

const calls = new InFlight({ arch: 'x64' }, 0)

/** number: as the program passed it. */
function decoded(params: RowSpec['params'], number = 0, latency?: number) {
  const row = { type: CODE.ks_inflight, ret: number, params, ...(latency !== undefined && { latency }) }
  const call = calls.callOf(eventOf(row))
  if (call === undefined) return undefined
  const { name } = call.def
  const args = Object.fromEntries(call.def.params.map((p, i) => [p.name, call.number(i)]))
  return { name, args, latency: call.latency }
}

test('a running call has the arguments in its registers', () => {
  expect(decoded({ nr: 0, arg0: 7, arg1: 0x1000, arg2: 80 }, 0, 5)).toMatchObject({
    name: 'read',
    args: { fd: 7, size: 80 },
    latency: 5,
  })
})

test('an unknown call has its number, as its program passed it', () => {
  for (const [nr, nativeID] of [
    [400, 400],
    [575, 9999],
    [575, -5],
    [575, 0x40000027],
  ] as const)
    expect(decoded({ nr, arg0: 1, arg1: 2, arg2: 3, arg3: 4, arg4: 5, arg5: 6 }, nativeID)).toMatchObject({
      name: 'unknown',
      args: { ID: 0, nativeID, arg0: 1, arg5: 6 },
    })
})

test('a row without a number, as in a damaged file, is not a call', () => {
  expect(decoded({ arg0: 1 })).toBeUndefined()
})
