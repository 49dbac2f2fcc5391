// The hint after a run that showed nothing, and the explanation of a filter.
import { expect, test } from 'vitest'
import { checkFilter } from '../../../src/filter/compile.js'
import { explainFilter } from '../../../src/filter/explain.js'
import { siblingHint } from '../../../src/filter/hint.js'
import { parseFilter } from '../../../src/filter/parser.js'
import { CODE_LIMIT } from '../../../src/schema/codes.js'
import { codeOf, ctx, fields } from './world.js'

function hint(filter: string, ...seen: string[]): string | undefined {
  const counts = new Uint32Array(CODE_LIMIT)
  for (const name of seen) counts[codeOf(name)] = 5
  return siblingHint(parseFilter(filter), counts, 'x64')
}

test('a related event that occurred is suggested with the corrected filter', () => {
  expect(hint('evt.type=accept and proc.name=nginx', 'accept4')).toBe(
    'no accept occurred, but accept4 did; try: evt.type in (accept, accept4) and proc.name=nginx',
  )
  expect(hint('evt.type in (open, close)', 'openat', 'close')).toContain('evt.type in (open, close, openat)')
  expect(hint('proc.name=a and (evt.type=fork or fd.num=1)', 'clone')).toContain('evt.type in (fork, clone)')
})

test('there is no hint if the call occurred, nothing like it did, or it was excluded', () => {
  expect(hint('evt.type=accept', 'accept', 'accept4')).toBeUndefined()
  expect(hint('evt.type=accept', 'read')).toBeUndefined()
  expect(hint('not evt.type=accept', 'accept4')).toBeUndefined()
  expect(hint('evt.type!=accept', 'accept4')).toBeUndefined()
})

test('an explanation shows where each condition is evaluated', () => {
  const filter = checkFilter('evt.type=openat and proc.name=cat and fd.name contains /etc and evt.num>100', fields)
  const text = explainFilter(filter, fields, ctx, { arch: 'x64', output: [], snaplen: 80, selfPid: 1 })
  expect(text).toContain('recorded when proc.name is cat:\n    openat\n')
  expect(text).toContain('I/O buffers: not copied')
  expect(text).toContain('latency: not needed')
  expect(text).toMatch(/^ {4}fd\.name .*cost +\d+, the descriptor$/m)
  expect(text).toMatch(/openat with a process named cat, event number from 100/)
})

test('cheap checks come first in the predicate, in whatever order they were written', () => {
  const filter = checkFilter('proc.cmdline contains x and evt.cpu=1', fields)
  const text = explainFilter(filter, fields, ctx, { arch: 'x64', output: [], snaplen: 80, selfPid: 1 })
  expect(text.indexOf('evt.cpu')).toBeLessThan(text.lastIndexOf('proc.cmdline'))
  expect(text.indexOf('evt.cpu = 1')).toBeLessThan(text.indexOf('proc.cmdline contains "x"'))
})

test('an explanation of a filter that no event can pass says so', () => {
  const filter = checkFilter('evt.type=open and evt.type=close', fields)
  const text = explainFilter(filter, fields, ctx, { arch: 'x64', output: [], snaplen: 80, selfPid: 1 })
  expect(text).toContain('nothing is recorded')
  expect(text).toContain('every block is skipped')
})
