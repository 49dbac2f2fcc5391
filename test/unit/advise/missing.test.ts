// Which calls of `ksys advise heal` are marked as consequences of the refusal of others.
import { expect, test } from 'vitest'
import type { Actor } from '../../../src/advise/needs/actors.js'
import { refusalTest } from '../../../src/advise/needs/refusal.js'
import { Workload } from '../../../src/advise/needs/workload.js'
import { MissingCalls } from '../../../src/advise/test/missing.js'
import { healText, missingValue } from '../../../src/advise/write/heal-text.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context, walk } from '../fields/evaluate.js'
import { shell } from '../state/world.js'

const EPERM = -1
const refused = (type: string, tid = 100): RowSpec => ({ type, tid, ret: EPERM, params: {} })
const made = (type: string, tid = 100): RowSpec => ({ type, tid, ret: 0, latency: 5, params: {} })

/** What is found in these calls: those with an error are missing in the profile. */
function missingIn(rows: readonly RowSpec[]): MissingCalls {
  const workload = new Workload({ key: 'web', name: 'web', kind: 'container', what: 'container web', pod: undefined })
  const outcome = { action: 'ERRNO', errno: 1, listed: false } as const
  const actor = { workload, origin: 'program' } as unknown as Actor
  const calls = new MissingCalls(refusalTest('live'))
  const ctx = context()
  ctx.state.load(shell())
  walk(rows, ctx, (e) => {
    if (e.ret === EPERM) calls.add(e, { outcome, actor, origin: 'program' }, 'x64', 0)
    else calls.pass(e)
  })
  return calls
}

const marks = (rows: readonly RowSpec[]) =>
  missingIn(rows).list.map((m) => missingValue(m, []) as { name: string; fallbackOf: []; after: []; fallback: boolean })

test('a call right after a refusal is marked, as the one that reports an error', () => {
  const found = missingIn([refused('mprotect'), refused('writev')])
  expect(found.list.map((m) => missingValue(m, []))).toMatchObject([
    { name: 'mprotect', after: [], fallback: false },
    { name: 'writev', after: ['mprotect'], fallbackOf: [], fallback: true },
  ])
  const text = healText(
    { name: 'web.json', allowing: undefined },
    found,
    [],
    { lost: 0, enters: 0, leftOut: 0, damaged: false, filters: [] },
    [],
  )
  expect(text).toMatch(/^ {2}writev .*, right after the refusal of mprotect$/m)
  expect(text).toMatch(/^ {2}mprotect .*Z$/m)
})

test('a call that is also made at other times, or by another thread, is needed for itself', () => {
  for (const rows of [
    [refused('mprotect'), made('close'), refused('writev')],
    [refused('writev'), refused('mprotect'), refused('writev')],
    [refused('mprotect'), refused('writev', 1)],
  ])
    expect(marks(rows)).toContainEqual(expect.objectContaining({ name: 'writev', fallback: false }))
})

test('an older call in place of a newer one is a fall-back, whatever was made in between', () => {
  expect(marks([refused('openat2'), made('close'), refused('open')])).toContainEqual(
    expect.objectContaining({ name: 'open', fallbackOf: ['openat2'], after: [], fallback: true }),
  )
})
