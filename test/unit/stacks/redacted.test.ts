// Stacks in redacted captures: they remain unless a rule affects them, also those that exist at the start.
import { expect, test } from 'vitest'
import { stackOf } from '../../../src/model/batch.js'
import type { Snapshot } from '../../../src/model/snapshot.js'
import { ContainerEditor } from '../../../src/redact/container.js'
import { parseRules } from '../../../src/redact/file.js'
import type { Redaction } from '../../../src/redact/redaction.js'
import { RowEditor } from '../../../src/redact/rows.js'
import { Rules } from '../../../src/redact/rules.js'
import { SnapshotEditor } from '../../../src/redact/snapshot.js'
import { CODE } from '../../../src/schema/codes.js'
import { EVENTS, LAYOUTS } from '../../../src/schema/events/index.js'
import { cursor, makeBatch } from '../../helpers/rows.js'

const TEXT = 'main;get_secret;open'

function stacksOf(text: string): { row: string | undefined; number: number | undefined; start: string | undefined } {
  const redaction: Redaction = {
    noBuffers: false,
    noEnv: true,
    noArgs: true,
    rules: parseRules(text),
    key: new Uint8Array(32),
  }
  const rules = new Rules(redaction)
  const containers = new ContainerEditor(redaction, rules)
  const batch = makeBatch([
    { type: CODE.ks_stack, params: { stack: 7, frames: new Uint8Array(0), text: TEXT } },
    { type: 'openat', ret: 3, stack: 7, params: { fd: 3, name: '/etc/passwd' } },
  ])
  const rows = new RowEditor(redaction, rules, containers, EVENTS, LAYOUTS).redact(batch)
  const snapshot: Snapshot = { threads: [], users: [], groups: [], stacks: [{ number: 7, text: TEXT }] }
  const start = new SnapshotEditor(redaction, rules, containers).redact(snapshot)
  const e = cursor()
  e.moveTo(rows, 0)
  return { row: e.text(2), number: stackOf(rows, 1), start: start.stacks?.[0]?.text }
}

test('a stack is visible unless a rule affects it, and rows retain its number', () => {
  expect(stacksOf('fd.name hash')).toEqual({ row: TEXT, number: 7, start: TEXT })
  expect(stacksOf('proc.exepath hash')).toEqual({ row: TEXT, number: 7, start: TEXT })
})

test('a rule for stacks, or for all, changes it everywhere', () => {
  const masked = 'main;***;open'
  expect(stacksOf('evt.stack mask /get_\\w+/')).toEqual({ row: masked, number: 7, start: masked })
  expect(stacksOf('* mask /get_\\w+/')).toMatchObject({ row: masked, start: masked })
})
