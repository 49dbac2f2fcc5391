// The versions of the engine and of plugins that rules may require.
import { expect, test } from 'vitest'
import { codes, load, messages } from './texts.js'

test.each(['0.63.0', '0.57.0', '57', '0', '"0.31.0"', '0.62.9', '0.57.0-rc1', '0.57.0+b.1'])(
  'engine %s is accepted',
  (version) => {
    expect(codes(load(`- required_engine_version: ${version}\n`))).toEqual([])
  },
)

test.each(['0.63.1', '0.64.0', '64', '1.0.0', '4294967296'])('engine %s is refused', (version) => {
  expect(messages(load(`- required_engine_version: ${version}\n`))).toEqual([
    expect.stringMatching(/^LOAD_ERR_VALIDATE: these rules require version/),
  ])
})

const plugins = (...entries: string[]) =>
  load(`- required_plugin_versions:\n${entries.map((e) => `    - ${e}\n`).join('')}`)

test('the container plugin is built in', () => {
  expect(codes(plugins('{name: container, version: 0.4.0}'))).toEqual([])
  expect(codes(plugins('{name: container, version: 1.0.0}'))).toEqual(['LOAD_ERR_VALIDATE 2:7'])
})

test('one available alternative is enough', () => {
  expect(codes(plugins('{name: other, version: 1.0.0, alternatives: [{name: container, version: 0.2.0}]}'))).toEqual([])
  const none = plugins('{name: other, version: 1.0.0, alternatives: [{name: more, version: 2.0.0}]}')
  expect(messages(none)).toEqual([expect.stringMatching(/the plugin other 1\.0\.0 or more 2\.0\.0/)])
})

test('every requirement must be met', () => {
  expect(codes(plugins('{name: container, version: 0.4.0}', '{name: json, version: 0.7.0}'))).toEqual([
    'LOAD_ERR_VALIDATE 3:7',
  ])
})

test.each([
  ['a text', 'container', 'LOAD_ERR_YAML_VALIDATE 2:7'],
  ['a wrong version', '{name: container, version: new}', 'LOAD_ERR_VALIDATE 2:34'],
  ['a name twice', '{name: a, version: 1.0.0, alternatives: [{name: a, version: 2.0.0}]}', 'LOAD_ERR_VALIDATE 2:7'],
  ['no list of alternatives', '{name: container, version: 0.4.0, alternatives: x}', 'LOAD_ERR_YAML_VALIDATE 2:55'],
  ['an unknown key', '{name: container, version: 0.4.0, verion: x}', 'LOAD_UNKNOWN_KEY 2:41'],
])('%s is reported', (_, entry, expected) => {
  expect(codes(plugins(entry))).toEqual([expected])
})
