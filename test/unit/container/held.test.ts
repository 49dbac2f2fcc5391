// Rows that wait for the name of a container that has just started.
import { expect, test } from 'vitest'
import { copyOf } from '../../../src/container/held-batches.js'
import type { FieldContext } from '../../../src/fields/field.js'
import { Event } from '../../../src/model/event.js'
import { renderArgs } from '../../../src/render/args/args.js'
import { EVENTS, LAYOUTS } from '../../../src/schema/events/index.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { CaptureInfo } from '../../../src/source/source.js'
import { State } from '../../../src/state/state.js'
import { makeBatch } from '../../helpers/rows.js'

test.each(['x64', 'arm64'] as const)('rows of %s are the same after the wait as before', (arch) => {
  const batch = makeBatch([{ type: 'openat', ret: 3, params: { dirfd: -100, name: '/etc', flags: 0o40000 } }])
  batch.arch = arch
  const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 }
  const state = new State({ has: capabilitiesOf('ksys'), addresses: [] } as unknown as CaptureInfo)
  const ctx = {
    info: { kind: 'live', has: capabilitiesOf('ksys') },
    states: [state],
    format,
  } as unknown as FieldContext
  const [before, after] = [batch, copyOf(batch)].map((b) => {
    const e = new Event(EVENTS, LAYOUTS)
    e.moveTo(b, 0)
    return renderArgs(e, ctx)
  })
  expect(after).toContain(arch === 'arm64' ? 'O_DIRECTORY' : 'O_DIRECT|')
  expect(after).toBe(before)
})
