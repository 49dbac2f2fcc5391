// The filter for the events around those that a chisel wrote: one filter, in which adjacent times are joined.

import { expect, test } from 'vitest'
import { SavedSpans } from '../../../src/chisel/saved-spans.js'
import { batchNs } from '../../../src/model/time.js'

/** The filter and the messages for events at the given ms of threads. */
function saved(ms: number, events: readonly (readonly [at: number, tid: number, host?: string])[]) {
  const spans = new SavedSpans('out.ksys', ms)
  for (const [at, tid, host] of events) spans.add({ time: batchNs(at * 1e6), tid }, host)
  const messages: string[] = []
  let filter: string | undefined
  spans.end({ epoch: (t) => BigInt(t), save: (f) => (filter = f), tell: (sentence) => messages.push(sentence) })
  return { filter, told: messages }
}

test('overlapping spans of a thread are merged, those of other threads are not', () => {
  expect(
    saved(5, [
      [10, 1],
      [12, 2],
      [20, 1],
      [40, 1],
    ]).filter,
  ).toBe(
    '(thread.tid=1 and ((evt.rawtime>=5000000 and evt.rawtime<=25000000) or (evt.rawtime>=35000000 and evt.rawtime<=45000000))) or ' +
      '(thread.tid=2 and ((evt.rawtime>=7000000 and evt.rawtime<=17000000)))',
  )
})

test('threads of several hosts are distinguished, whatever the names of the hosts', () => {
  expect(
    saved(0, [
      [1, 7, 'a "b"'],
      [1, 7, 'c'],
    ]).filter,
  ).toBe(
    '(host.name="a \\"b\\"" and thread.tid=7 and ((evt.rawtime>=1000000 and evt.rawtime<=1000000))) or ' +
      '(host.name=c and thread.tid=7 and ((evt.rawtime>=1000000 and evt.rawtime<=1000000)))',
  )
})

test('spans beyond the limit are counted, and without spans nothing is saved', () => {
  const { told } = saved(
    0,
    Array.from({ length: 2003 }, (_, i) => [i, 1] as const),
  )
  expect(told).toEqual([
    '3 more events are not saved: at most 2000 separate time spans are saved',
    'saving the events around 2000 matches to out.ksys',
  ])
  expect(saved(5, [])).toEqual({
    filter: undefined,
    told: ['no event matched: out.ksys is not written'],
  })
})
