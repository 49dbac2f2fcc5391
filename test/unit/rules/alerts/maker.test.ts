// Alerts made of events: outputs with values of the event, appended text, and the fields that the capture must record for them.

import { expect, test } from 'vitest'
import { INVISIBLE } from '../../../../src/model/sanitize.js'
import { type AlertOptions, alertMaker } from '../../../../src/rules/alerts/maker.js'
import type { Alert, Rule } from '../../../../src/rules/rule.js'
import fc from '../../../helpers/properties.js'
import type { RowSpec } from '../../../helpers/rows.js'
import { ruleOf } from '../../../helpers/rules.js'
import { context, walk } from '../../fields/evaluate.js'

const OPTIONS: AlertOptions = { isoTime: false, appendOutput: [], suggested: false, bufferBase64: false }
const open: RowSpec = {
  type: 'openat',
  ret: 3,
  tid: 42,
  time: 20,
  params: { dirfd: -100, name: '/etc/shadow', flags: 1, mode: 0, dev: 0, ino: 9 },
}

function alertOfEvent(rule: Rule, options: Partial<AlertOptions> = {}, row = open, comm = 'cat'): Alert {
  const ctx = context()
  const maker = alertMaker([rule], ctx, { ...OPTIONS, ...options })
  let alert: Alert | undefined
  walk([row], ctx, (e) => {
    ;(e.thread as { comm: string }).comm = comm
    alert = maker.make(rule, e)
  })
  return alert as Alert
}

test('the output has the values of the event, <NA> for what is absent, and the fields have them by name', () => {
  const rule = ruleOf({ output: 'Opened (file=%fd.name proc=%proc.name by=%thread.tid pod=%k8s.pod.name)\n' })
  const alert = alertOfEvent(rule)
  expect(alert.text).toBe('Opened (file=/etc/shadow proc=cat by=42 pod=<NA>)')
  expect(Object.fromEntries(alert.fields)).toEqual({
    'fd.name': '/etc/shadow',
    'proc.name': 'cat',
    'thread.tid': 42,
    'k8s.pod.name': undefined,
    'evt.time': 1_700_000_001_000_000_010n,
  })
  expect(alert).toMatchObject({ rule, hostname: 'web1', time: 1_700_000_001_000_000_010n })
  expect(alert.group).toBeUndefined()
})

test('with ISO times the field of the time is evt.time.iso8601, still in ns; another host name is used', () => {
  const alert = alertOfEvent(ruleOf(), { isoTime: true, hostname: 'node-7' })
  expect([...alert.fields]).toEqual([['evt.time.iso8601', 1_700_000_001_000_000_010n]])
  expect(alert.hostname).toBe('node-7')
})

test('an output that starts with a star is the same without it; line ends within it are escaped', () => {
  expect(alertOfEvent(ruleOf({ output: '*%proc.name\nsecond' })).text).toBe('cat\\nsecond')
})

test('suggested fields follow every output that lacks them, in the order of Falco', () => {
  const text = (output: string) => alertOfEvent(ruleOf({ output }), { suggested: true }).text.replaceAll(/=\S+/g, '')
  expect(text('x')).toBe(
    'x container_id container_name container_image_repository container_image_tag k8s_pod_name k8s_ns_name',
  )
  expect(text('x n=%container.name i=%container.image.tag')).toBe(
    'x n i container_id container_image_repository k8s_pod_name k8s_ns_name',
  )
})

test('rules of other sources get no suggested fields of containers', () => {
  expect(alertOfEvent(ruleOf({ source: 'k8s_audit', output: 'x' }), { suggested: true }).text).toBe('x')
})

test('append_output applies to the rules that it matches: source, tags and name must all match', () => {
  const rule = ruleOf({ name: 'R', tags: ['a', 'b'], output: 'x' })
  const text = (match: object) => alertOfEvent(rule, { appendOutput: [{ match, extraOutput: 'p=%proc.name' }] }).text
  expect(text({})).toBe('x p=cat')
  expect(text({ source: 'syscall', tags: ['b', 'a'], rule: 'R' })).toBe('x p=cat')
  expect(text({ source: 'okta' })).toBe('x')
  expect(text({ tags: ['a', 'c'] })).toBe('x')
  expect(text({ rule: 'r' })).toBe('x')
})

test('extra fields are in JSON alone: fields with their values, names with the text of a format', () => {
  const appendOutput = [{ extraFields: ['thread.tid', { who: '%proc.name of %thread.tid', pod: '%k8s.pod.name' }] }]
  const alert = alertOfEvent(ruleOf({ output: 'x' }), { appendOutput })
  expect(alert.text).toBe('x')
  expect(Object.fromEntries(alert.fields)).toMatchObject({ 'thread.tid': 42, who: 'cat of 42', pod: '<NA>' })
})

test('the capture records what alerts print, append and are grouped by', () => {
  const rules = [ruleOf({ output: '%fd.name' }), ruleOf({ output: '%toupper(proc.name) %fd.name' })]
  const appendOutput = [{ extraOutput: '%evt.arg.flags', extraFields: ['proc.pid', { a: '%user.name' }] }]
  const { fieldsUsed } = alertMaker(rules, context(), { ...OPTIONS, appendOutput, groupBy: ['container.id'] })
  expect([...fieldsUsed].sort()).toEqual(
    ['container.id', 'evt.arg.flags', 'fd.name', 'proc.name', 'proc.pid', 'user.name'].sort(),
  )
})

test.each([
  ['an output', ruleOf({ output: '%no.such' }), {}, /unknown field 'no.such'/],
  [
    'what is appended',
    ruleOf(),
    { appendOutput: [{ extraOutput: '%fd.nmae' }] },
    /unknown field 'fd.nmae' \(did you mean/,
  ],
  [
    'an extra field',
    ruleOf(),
    { appendOutput: [{ extraFields: ['fd.name and more'] }] },
    /unexpected text after the field/,
  ],
  ['a field to group by', ruleOf(), { groupBy: ['nosuch'] }, /unknown field 'nosuch'/],
])('%s with an invalid format is refused before any event', (_, rule, options, message) => {
  expect(() => alertMaker([rule], context(), { ...OPTIONS, ...options })).toThrow(message)
})

test('alerts of one rule belong to one group if they have the same values of the selected fields', () => {
  const groupBy = ['proc.name', 'k8s.pod.name']
  const group = (name: string, comm: string, tid = 42) =>
    alertOfEvent(ruleOf({ name }), { groupBy }, { ...open, tid }, comm).group
  expect(group('R', 'cat', 7)).toBe(group('R', 'cat', 8))
  const others = [group('R', 'cat'), group('S', 'cat'), group('R', 'dog'), group('R', 'cat\0'), group('R\0cat', '')]
  expect(new Set(others).size).toBe(others.length)
})

test('buffers are complete, and in base64 on request', () => {
  const data = Buffer.from(`${'x'.repeat(200)}\n`)
  const write: RowSpec = { type: 'write', ret: 201, tid: 42, params: { fd: 1, size: 201, data } }
  const rule = ruleOf({ output: '%evt.buffer' })
  expect(alertOfEvent(rule, { bufferBase64: true }, write).text).toBe(data.toString('base64'))
  expect(alertOfEvent(rule, {}, write).text).not.toContain('=')
})

test('whatever the names of processes and files, the text is one line that is safe for a terminal', () => {
  const anyText = fc
    .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 1, maxLength: 20 })
    .map((c) => String.fromCharCode(...c))
  const unsafe = new RegExp(`[\\0-\\x1f\\ud800-\\udfff${INVISIBLE}]`, 'u')
  const rule = ruleOf({ output: '%proc.name %fd.name %evt.args' })
  fc.assert(
    fc.property(anyText, anyText, (comm, name) => {
      const alert = alertOfEvent(rule, {}, { ...open, params: { ...open.params, name: `/${name}` } }, comm)
      expect(alert.text).not.toMatch(unsafe)
      expect(alert.fields.get('proc.name')).toBe(comm)
    }),
  )
})

test('a truncated command line is marked in the fields', () => {
  const exec = (args: string): RowSpec => ({
    type: 'execve',
    ret: 0,
    tid: 42,
    params: { res: 0, exe: 'sh', args, tid: 42, pid: 42, comm: 'sh', env: '' },
  })
  const of = (row: RowSpec) => alertOfEvent(ruleOf({ output: 'ran %proc.cmdline.' }), {}, row, 'sh')
  const cut = of(exec('x'.repeat(4092)))
  expect(cut.fields.get('proc.is_args_truncated')).toBe(true)
  expect(cut.text).toBe(`ran sh ${'x'.repeat(4092)}....`)
  expect(of(exec('x\0')).fields.has('proc.is_args_truncated')).toBe(false)
})
