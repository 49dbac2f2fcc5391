// The pages that need a capture of their own in addition to the capture of all calls.
import { describe, expect, test } from 'vitest'
import { needsOwnCapture } from '../../../src/tui/worker/capture-plans.js'
import type { DataStyle } from '../../../src/tui/worker/messages.js'
import { planView } from '../../../src/tui/worker/plan-view.js'
import type { View } from '../../../src/views/define.js'
import { views } from './ui.js'

const NOTHING_REDACTED = { redaction: undefined, ceilings: undefined }
const NO_DATA = { snaplen: 0, lost: 0 }

function planOf(id: string, filter = '', data: DataStyle = 'text') {
  const view = views.find((v) => v.id === id) as View
  return planView(view, { filter, inside: { containers: false }, sort: undefined, apart: false, data }, 1000)
}

describe('a page that shows data', () => {
  test.each([
    ['dig', 1024],
    ['dns', 1500],
    ['http_messages', 1500],
    ['echo', 8192],
  ])('of %s needs its own capture, unless all calls are recorded with %i bytes', (id, bytes) => {
    const needs = (snaplen: number) => needsOwnCapture(planOf(id), { snaplen, lost: 0 }, NOTHING_REDACTED)
    expect([0, bytes - 1, bytes, bytes + 1].map(needs)).toEqual([true, true, false, false])
  })

  test('needs its own capture where that of all calls loses events', () => {
    expect(needsOwnCapture(planOf('dig'), { snaplen: 1024, lost: 1 }, NOTHING_REDACTED)).toBe(true)
  })

  test('needs its own capture with ceilings: that of all calls may leave out the calls of the page', () => {
    const ceilings = { calls: 200 } as NonNullable<Parameters<typeof needsOwnCapture>[2]['ceilings']>
    expect(needsOwnCapture(planOf('dig'), { snaplen: 1024, lost: 0 }, { redaction: undefined, ceilings })).toBe(true)
  })

  test('needs none while the data are masked', () => {
    for (const id of ['dig', 'echo'])
      expect(needsOwnCapture(planOf(id, '', 'masked'), NO_DATA, NOTHING_REDACTED), id).toBe(false)
  })

  test('needs none with --no-buffers: it would have no data either', () => {
    const redaction = { noBuffers: true } as NonNullable<Parameters<typeof needsOwnCapture>[2]['redaction']>
    for (const id of ['dig', 'echo', 'dns'])
      expect(needsOwnCapture(planOf(id), NO_DATA, { redaction, ceilings: undefined }), id).toBe(false)
  })
})

test('a page whose filter uses stacks needs its own capture, however much data are recorded', () => {
  expect(needsOwnCapture(planOf('dig', 'evt.stack exists'), { snaplen: 1 << 20, lost: 0 }, NOTHING_REDACTED)).toBe(true)
  expect(needsOwnCapture(planOf('procs', 'evt.stack exists'), NO_DATA, NOTHING_REDACTED)).toBe(true)
})

test('other pages are served by the capture of all calls, also where it loses events', () => {
  for (const id of ['procs', 'files', 'file_opens', 'syscalls', 'inflight', 'spectro_all'])
    expect(needsOwnCapture(planOf(id), { snaplen: 0, lost: 1 }, NOTHING_REDACTED), id).toBe(false)
})
