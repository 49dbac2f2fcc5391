// Suggestions for a chisel that does not exist: every suggested command exists.
import { expect, test } from 'vitest'
import { ChiselError } from '../../../src/chisel/args.js'
import { findChisel } from '../../../src/chisel/places.js'
import { prepare } from '../../../src/chisel/prepare.js'
import { chiselNamed, commandOf, INSTEAD } from '../../../src/cli/chisels/instead.js'
import { registry } from '../../../src/fields/index.js'
import { checkFilter } from '../../../src/filter/index.js'

const suggestionFor = async (name: string) => {
  const error = await chiselNamed(name).catch((e: unknown) => e)
  expect(error).toBeInstanceOf(ChiselError)
  return (error as Error).message
}

test('names from other tools lead to the equivalent command', async () => {
  expect(await suggestionFor('tcptop.lua')).toBe(
    "no chisel 'tcptop.lua': use ksys -c topconns; ksys -cl lists all chisels",
  )
  expect(await suggestionFor('flame')).toBe(
    "no chisel 'flame': it drew spans of tracers, which sysdig itself no longer records; " +
      'the closest replacement is ksys -c spectrogram; ksys -cl lists all chisels',
  )
  expect(await suggestionFor('tracers_2_statsd')).toContain(
    "'tracers_2_statsd': it sent spans of tracers to statsd, and sysdig",
  )
  expect(await suggestionFor('ext4slower')).toContain('use ksys -c fileslower 10')
  expect(await suggestionFor('statsnop')).toContain('for statsnoop, use ksys ')
})

test.each(Object.entries(INSTEAD))('%s', async (name, { chisel, filter }) => {
  expect(findChisel(name)).toBeUndefined()
  if (filter !== undefined) checkFilter(filter, registry)
  const [of, ...words] = chisel?.split(' ') ?? []
  if (of === undefined) return
  expect(prepare(await chiselNamed(of), words, { containers: false }).rest).toEqual([])
})

test('system calls, filters, similar names and views are recognised', async () => {
  expect(await suggestionFor('unlinkat')).toContain('but events of that name: ksys evt.type=unlinkat')
  expect(await suggestionFor('proc.name=cat')).toContain('this is a filter, as in ksys proc.name=cat')
  expect(await suggestionFor('topcons')).toContain('did you mean topconns?')
  expect(await suggestionFor('page_fault_')).toContain('but a view of the terminal UI: ksys ui -v page_faults')
  expect(await suggestionFor('zzz')).toBe("no chisel 'zzz'; ksys -cl lists all chisels")
  expect(await suggestionFor('constructor')).not.toContain(': use ')
})

test('a suggested command is quoted for the shell', () => {
  expect(commandOf({ chisel: 'latency file', filter: "proc.name=it's" })).toBe(
    "ksys -c latency file 'proc.name=it'\\''s'",
  )
})
