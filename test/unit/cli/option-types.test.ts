// An option that a command lists and does not read is an error of the compiler: each `@ts-expect-error` fails to compile if it is none.
import { expect, test } from 'vitest'
import { CUT } from '../../../src/cli/options/cut.js'
import { INFO } from '../../../src/cli/options/info.js'
import { allRead } from '../../../src/cli/options/option-types.js'
import { redactionOf } from '../../../src/cli/options/redaction.js'
import { settingsOf } from '../../../src/cli/options/settings-of.js'
import { parseSubcommand } from '../../../src/cli/options/subcommand.js'

const added = [{ long: 'added', value: 'TEXT', doc: 'an option that nothing reads' }] as const

test('an option that only the list of a command has is left over when the command passes its options on', () => {
  const info = parseSubcommand({ ...INFO, options: [...INFO.options, ...added] as const }, ['--added', 'x']).options
  const { help, deep, host, verbose, json, progress, ...privacy } = info
  // @ts-expect-error: `added` is not a privacy option
  expect(redactionOf(privacy)).toBeUndefined()
  const cut = parseSubcommand({ ...CUT, options: [...CUT.options, ...added] as const }, ['--added', 'x']).options
  // @ts-expect-error: settings do not derive from `added`
  expect(settingsOf({ ...cut, read: ['FILE'] }, [])).toMatchObject({ read: ['FILE'] })
  const { added: read, ...others } = privacy
  expect([read, redactionOf(others)]).toEqual(['x', undefined])
})

test('a function that takes options reads each of them', () => {
  const { one, ...others }: { one?: string; two?: string } = {}
  // @ts-expect-error: `two` is not read
  allRead(others)
  const { two, ...none } = others
  allRead(none)
  expect([one, two]).toEqual([undefined, undefined])
})

test('a command cannot read an option that it does not list', () => {
  const { options } = parseSubcommand(INFO, ['FILE', '--deep'])
  expect(options.deep).toBe(true)
  // @ts-expect-error: `ksys info` has no --write
  expect(options.write).toBeUndefined()
})
