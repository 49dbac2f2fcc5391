// Redaction of container metadata in the JSON text of container events.
import { expect, test } from 'vitest'
import { ContainerEditor } from '../../../src/redact/container.js'
import { parseRules } from '../../../src/redact/file.js'
import { Rules } from '../../../src/redact/rules.js'

const NOTHING = { noEnv: false, noArgs: false }

const editorOf = (rules: string, spared: typeof NOTHING) =>
  new ContainerEditor(spared, new Rules({ rules: parseRules(rules), key: new Uint8Array(32) }))

function redacted(container: unknown, rules: string, spared = NOTHING): unknown {
  const text = editorOf(rules, spared).text(JSON.stringify({ container }))
  return text === undefined ? undefined : JSON.parse(text).container
}

test('a container can still be identified by its ids; labels with these names are labels', () => {
  const labels = { id: 'secret', env: 'prod', full_id: 'secret', Healthcheck: { args: ['x'] } }
  expect(redacted({ id: 'abc', labels: { id: 'secret' } }, '* mask')).toEqual({ id: 'abc', labels: { id: '***' } })
  expect(redacted({ id: 'abc', labels }, '', { noEnv: true, noArgs: true })).toEqual({ id: 'abc', labels })
})

test('patterns are applied to the arguments of a probe as one line', () => {
  const Healthcheck = { exe: 'curl', args: ['--password', 'hunter2', '-v'] }
  expect(redacted({ Healthcheck }, 'proc.args mask /--password[ =](\\S+)/')).toEqual({
    Healthcheck: { exe: 'curl', args: ['--password', '***', '-v'] },
  })
  expect(redacted({ Healthcheck }, 'proc.args drop')).toEqual({ Healthcheck: {} })
})

test('labels that repeat commands and environments follow the rules for these, and are omitted with them', () => {
  const labels = {
    'io.kubernetes.container.preStopHandler': '{"exec":{"command":["x","hunter2"]}}',
    'annotation.io.kubernetes.container.env': 'TOKEN=hunter2',
  }
  expect(JSON.stringify(redacted({ labels }, 'proc.env mask /hunter2/'))).not.toContain('hunter2')
  expect(redacted({ labels }, '', { noEnv: true, noArgs: false })).toEqual({ labels: {} })
})

test('keys of Object.prototype are ordinary keys, and too deep nesting is dropped', () => {
  expect(redacted({ constructor: 'secret', toString: 'secret' }, '* mask')).toEqual({
    constructor: '***',
    toString: '***',
  })
  const deep = `{"container":{"name":${'['.repeat(5000)}"secret"${']'.repeat(5000)}}}`
  expect(editorOf('* mask', NOTHING).text(deep)).not.toContain('secret')
})

test('rules for whole values do not change names of labels and variables, patterns are applied to these too', () => {
  const container = { labels: { 'team-hunter2': 'a', plain: 'b' }, env: ['HUNTER2=a', 'hunter2=b'] }
  expect(redacted(container, '* mask')).toEqual({
    labels: { 'team-hunter2': '***', plain: '***' },
    env: ['HUNTER2=***', 'hunter2=***'],
  })
  expect(redacted(container, '* mask /hunter2/')).toEqual({
    labels: { 'team-***': 'a', plain: 'b' },
    env: ['HUNTER2=a', '***=b'],
  })
  expect(redacted(container, '* drop /hunter2/')).toEqual({ labels: { plain: 'b' }, env: ['HUNTER2=a'] })
  // keys of the format are not names
  expect(redacted(container, '* mask /labels/')).toEqual(container)
})
