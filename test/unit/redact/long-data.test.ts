// Data beyond the parameters of their row are redacted as a whole: nothing of the original remains after the row.
import { expect, test } from 'vitest'
import { stackOf } from '../../../src/model/batch.js'
import { Event } from '../../../src/model/event.js'
import { parseRules } from '../../../src/redact/file.js'
import type { Redaction } from '../../../src/redact/redaction.js'
import { redacted } from '../../../src/redact/source.js'
import { EVENTS, LAYOUTS } from '../../../src/schema/events/index.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING } from '../../helpers/trace.js'

const PLAIN = 'p'.repeat(90_000)
const DATA = `${PLAIN}hunter2${'q'.repeat(20_000)}`

/** The data of the row, its whole arena, and what else follows its parameters, after redaction. */
async function through(redaction: Partial<Redaction>) {
  const batch = makeBatch([
    {
      type: 'sendmsg',
      ret: DATA.length,
      stack: 77,
      params: { fd: 3, size: DATA.length, data: DATA, tuple: 'a tuple' },
    },
  ])
  const e = new Event(EVENTS, LAYOUTS)
  e.moveTo(batch, 0)
  expect(e.text(e.paramIndex('tuple'))).toBe('a tuple')
  const none: Redaction = { noBuffers: false, noEnv: false, noArgs: false, rules: [], key: new Uint8Array(32) }
  const source = redacted(
    {
      ...{ info: INFO, damage: [], snapshot: async () => NOTHING, next: async () => batch, progress: () => undefined },
      ...{ stats: () => ({ events: 0, lost: 0, late: 0 }), stop: () => {}, close: async () => {} },
    },
    { ...none, ...redaction },
  )
  const after = (await source.next()) as typeof batch
  e.moveTo(after, 0)
  const data = e.bytes(e.paramIndex('data'))
  return {
    data: data && Buffer.from(data).toString('latin1'),
    all: Buffer.from(after.arena.subarray(0, after.argOff[1])).toString('latin1'),
    rest: [e.text(e.paramIndex('tuple')), stackOf(after, 0)],
  }
}

test('without rules all data remain', async () => {
  const { data, rest } = await through({})
  expect(data).toBe(DATA)
  expect(rest).toEqual(['a tuple', 77])
})

test('matches of a rule are changed at any position', async () => {
  const { data, all, rest } = await through({ rules: parseRules('evt.buffer mask /hunter2/') })
  expect(all).not.toContain('hunter2')
  expect(data?.startsWith(PLAIN)).toBe(true)
  expect(data?.endsWith('q'.repeat(20_000))).toBe(true)
  expect(rest).toEqual(['a tuple', 77])
})

test('other parameters of the row are changed next to them', async () => {
  const { data, rest } = await through({ rules: parseRules('fd.name mask /tuple/') })
  expect(data).toBe(DATA)
  expect(rest[1]).toBe(77)
})

test('omitted data are omitted to their last byte', async () => {
  for (const how of [{ noBuffers: true }, { rules: parseRules('evt.buffer drop') }]) {
    const { data, all, rest } = await through(how)
    expect(data).toBeUndefined()
    expect(all.length).toBeLessThan(200)
    expect(rest).toEqual(['a tuple', 77])
  }
})
