// Listings of fields and events.
import { expect, test } from 'vitest'
import { CLASSES, registry } from '../../../src/fields/index.js'
import { eventValues, listEvents } from '../../../src/format/lists/events.js'
import { fieldValues, listFields, listFieldsMarkdown } from '../../../src/format/lists/fields.js'
import { evtTypeNames } from '../../../src/schema/events/index.js'

test.each([60, 100, 200])('the list of fields fits into %d columns and has every field', (columns) => {
  const text = listFields(CLASSES, { columns, verbose: false })
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns)
  for (const name of registry.names())
    if (registry.get(name)?.removed === undefined) expect(text).toContain(`\n${name}`)
})

test('a verbose list has types and rules', () => {
  const text = listFields(CLASSES, { columns: 400, verbose: true, only: 'fd' })
  expect(text).toMatch(/^fd\.ip .*\(ipaddr; only in filters; no transformers\)$/m)
  expect(text).not.toContain('proc.name')
})

test('removed fields are not listed', () => {
  expect(listFields(CLASSES, { columns: 80, verbose: false })).not.toContain('span.id')
})

test('the list is available as Markdown and as JSON', () => {
  expect(listFieldsMarkdown(CLASSES)).toContain('| `evt.arg[...]` | string |')
  const all = fieldValues(CLASSES) as Record<string, unknown>[]
  expect(all.find((f) => f.name === 'proc.name')).toMatchObject({ class: 'proc', type: 'string', argument: 'none' })
})

test('every event is listed', () => {
  const text = listEvents(100)
  const all = (eventValues() as { name: string }[]).map((d) => d.name)
  for (const name of evtTypeNames()) {
    expect(all).toContain(name)
    expect(text).toMatch(new RegExp(`(^|\\s)${name}(\\s|$)`, 'm'))
  }
})

test('calls that an architecture lacks are marked in the list of events', () => {
  const text = listEvents(100)
  const line = (name: string) => text.split('\n').find((l) => l.startsWith(`${name} `))
  expect(line('epoll_ctl_old')).toContain('[not on arm64]')
  expect(line('open')).toContain('[on arm64 only 32-bit programs] (fd fd')
  expect(line('mmap2')).toContain('[32-bit programs of x86-64, arm64] (')
  expect(line('old_mmap')).toContain('[32-bit programs of x86-64] (')
  expect(line('set_tls')).toContain('[32-bit programs of arm64] (')
  expect(line('openat')).not.toContain('[')
  expect(line('page_fault')).toContain('[not on arm64]')
  const machines = (name: string) =>
    (eventValues() as { name: string; architectures: string[] }[]).find((d) => d.name === name)?.architectures
  const narrow = (name: string) =>
    (eventValues() as { name: string; of32Bits: string[] }[]).find((d) => d.name === name)?.of32Bits
  expect(machines('set_tls')).toEqual(['arm64'])
  expect([machines('open'), narrow('open')]).toEqual([['x86-64', 'arm64'], ['arm64']])
  expect(narrow('mmap2')).toEqual(['x86-64', 'arm64'])
  expect(narrow('openat')).toEqual([])
  expect(machines('openat')).toEqual(['x86-64', 'arm64'])
  expect(machines('switch')).toEqual(['x86-64', 'arm64'])
})
