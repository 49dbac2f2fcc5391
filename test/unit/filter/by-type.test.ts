// What the type of an event decides about a check, and what it leaves undecided.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { FALSE, TRUE, truthByType, UNKNOWN } from '../../../src/filter/bytype.js'
import { checkFilter } from '../../../src/filter/index.js'
import type { TestNode } from '../../../src/filter/typed.js'
import { codeOf } from './world.js'

const WORDS = { [FALSE]: 'no', [TRUE]: 'yes', [UNKNOWN]: 'open' } as const
const decided = (check: string, code: number): string =>
  WORDS[truthByType(checkFilter(check, registry).root as TestNode)(code)]

/** The end of a call, or its start as `>name`. */
const at = (event: string): number => (event.startsWith('>') ? codeOf(event.slice(1), true) : codeOf(event))

test.each<[check: string, yes: string[], no: string[], open: string[]]>([
  ['evt.type=read', ['read', '>read'], ['write', 'switch'], []],
  ['evt.type!=read', ['write'], ['read'], []],
  ['evt.type in (read, write)', ['read', 'write'], ['openat'], []],
  ['evt.type contains re', ['read'], ['write'], []],
  ['syscall.type=read', ['read', '>read'], ['write'], []],
  ['evt.type.is.read=1', ['read'], ['write'], []],
  ['evt.type.is.read=0', ['write'], ['read'], []],
  ['evt.dir=<', ['read'], ['>read'], []],
  ['evt.dir=>', ['>read'], ['read'], []],
  ['evt.category=process', ['execve'], ['read', 'openat'], []],
  ['evt.category=net', ['connect'], ['execve'], ['read', 'write']],
  ['evt.category=IPC', ['pipe2'], ['execve'], []],
  ['evt.is_io=true', ['read', 'write', 'sendto'], ['openat'], []],
  ['evt.is_io_read=true', ['read', 'recvfrom'], ['write'], []],
  ['evt.is_io_write=true', ['write', 'sendto'], ['read'], []],
  ['evt.is_wait=true', ['poll', 'select'], ['read'], []],
  ['evt.failed=true', [], ['>read', 'switch'], ['read']],
  ['evt.failed=false', ['>read'], [], ['read']],
  ['evt.buffer contains x', [], ['getuid', 'close'], ['read', 'write']],
  ['evt.buffer exists', [], ['getuid'], ['read']],
  ['evt.arg.name=x', [], ['getuid', 'read'], ['openat']],
  ['evt.arg[0]=x', [], [], ['read', 'close']],
  ['evt.arg[2]=x', [], ['close'], ['read']],
  ['evt.arg[1]=x', [], [], ['close', 'read']],
  ['evt.rawarg.size>1', [], ['getuid'], ['read']],
  ['fd.name contains x', [], ['getuid', 'switch'], ['read', 'openat', 'connect', 'mkdir']],
  ['fd.num=3', [], ['getuid'], ['read', 'dup2']],
  ['fd.types intersects (file)', [], [], ['getuid', 'read']],
  ['proc.name=cat', [], [], ['getuid', 'read']],
  ['evt.type=val(proc.name)', [], [], ['read']],
  ['toupper(evt.type)=READ', [], [], ['read', 'write']],
])('%s', (check, yes, no, open) => {
  for (const event of yes) expect(decided(check, at(event)), event).toBe('yes')
  for (const event of no) expect(decided(check, at(event)), event).toBe('no')
  for (const event of open) expect(decided(check, at(event)), event).toBe('open')
})

test('a number that stands for an event type matches this type, in its direction', () => {
  const read = codeOf('read')
  expect(decided(`evt.type.is[${read}]=1`, read)).toBe('yes')
  expect(decided(`evt.type.is[${read}]=1`, read - 1)).toBe('no')
})

test('an undeclared type leaves a check undecided', () => {
  expect(decided('evt.type=read', 1)).toBe('open')
})
