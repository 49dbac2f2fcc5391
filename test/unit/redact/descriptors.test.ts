// Descriptors of a live capture are redacted when something needs them, as those that are listed at once are.
import { expect, test } from 'vitest'
import type { FdInfo, FdRecords } from '../../../src/model/snapshot.js'
import { ContainerEditor } from '../../../src/redact/container.js'
import { parseRules } from '../../../src/redact/file.js'
import { Rules } from '../../../src/redact/rules.js'
import { SnapshotEditor } from '../../../src/redact/snapshot.js'
import { recorded, shell } from '../state/world.js'

const FDS: readonly FdInfo[] = [
  { num: 0, type: 'file', name: '/home/me/secret', nameRaw: 'secret' },
  { num: 1, type: 'ipv4', name: '', tcpState: 10, localIp: '10.1.2.3', localPort: 80 },
  { num: 2, type: 'unix', name: '', path: '/run/secret' },
]

function redacted(text: string, fds: readonly FdInfo[] | FdRecords) {
  const redaction = { noBuffers: false, noEnv: false, noArgs: false, rules: parseRules(text), key: new Uint8Array(32) }
  const rules = new Rules(redaction)
  const editor = new SnapshotEditor(redaction, rules, new ContainerEditor(redaction, rules))
  const { threads: redacted } = editor.redact({ threads: [{ ...shell([]).threads[0]!, fds }], users: [], groups: [] })
  const [t] = redacted
  return t?.fds as readonly FdInfo[] | FdRecords
}

test.each(['fd.name mask', 'fd.name hash', 'fd.name drop', 'fd.ip mask', '* mask /secret/'])('%s', (rules) => {
  const late = redacted(rules, recorded(FDS))
  const atOnce = redacted(rules, FDS)
  expect([...late]).toEqual([...atOnce])
  expect([...late]).not.toEqual(FDS)
  expect(late).toMatchObject({ listening: [80] })
})
