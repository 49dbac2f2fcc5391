// The fields whose values a redaction changes.
import { expect, test } from 'vitest'
import type { Redaction } from '../../../src/redact/redaction.js'
import { isChanged } from '../../../src/redact/targets.js'

const NOTHING: Redaction = { noArgs: false, noBuffers: false, noEnv: false, rules: [], key: new Uint8Array() }
const rule = (...fields: string[]): Redaction => ({ ...NOTHING, rules: [{ fields, action: 'mask' }] })

test.each<[string, Redaction, changed: string[], same: string[]]>([
  [
    'a rule for all',
    rule('*'),
    ['proc.name', 'proc.pname', 'fd.name', 'evt.arg.name', 'evt.buffer', 'container.name'],
    ['evt.type'],
  ],
  ['a rule', rule('proc.name'), ['proc.name', 'proc.pname', 'proc.aname'], ['proc.exe', 'fd.name', 'evt.arg.name']],
  ['a rule for an argument', rule('evt.arg.name'), ['evt.arg.name', 'evt.arg[name]'], ['evt.arg.path', 'fd.name']],
  [
    '--no-args',
    { ...NOTHING, noArgs: true },
    ['proc.args', 'proc.cmdline', 'proc.pcmdline'],
    ['proc.name', 'proc.env'],
  ],
  ['--no-env', { ...NOTHING, noEnv: true }, ['proc.env', 'proc.aenv'], ['proc.args']],
  ['--no-buffers', { ...NOTHING, noBuffers: true }, ['evt.buffer', 'syslog.message'], ['proc.args']],
  ['nothing', NOTHING, [], ['proc.name', 'evt.buffer', 'evt.arg.name']],
])('%s', (_, redaction, changed, same) => {
  expect(changed.filter((field) => !isChanged(field, redaction))).toEqual([])
  expect(same.filter((field) => isChanged(field, redaction))).toEqual([])
})
