// Units of systemd are read as systemd reads them (systemd.exec(5)).
import { expect, test } from 'vitest'
import { Allows } from '../../../src/advise/profile/allows.js'
import { abisOf } from '../../../src/advise/profile/apply.js'
import { ProfileError } from '../../../src/advise/profile/profile-error.js'
import { readProfile } from '../../../src/advise/profile/read.js'
import fc from '../../helpers/properties.js'

const unit = (...lines: string[]) => readProfile(`# made by hand\n\n[Service]\n${lines.join('\n')}\n`)
const allowed = (lines: string[], ...names: string[]) => {
  const profile = unit(...lines)
  const allows = new Allows(profile, { arch: 'x64', kernel: '', caps: new Set() })
  return names.filter((name) => allows.call('x86_64', name))
}

test('a list allows its calls and those of @default, and what happens to others is set', () => {
  expect(allowed(['SystemCallFilter=read write'], 'read', 'write', 'execve', 'mount')).toEqual([
    'read',
    'write',
    'execve',
  ])
  expect(unit('SystemCallFilter=read')).toMatchObject({ defaultAction: 'KILL_PROCESS' })
  expect(unit('SystemCallErrorNumber=EACCES', 'SystemCallFilter=read')).toMatchObject({
    defaultAction: 'ERRNO',
    defaultErrno: 13,
  })
})

test('lines add and remove calls by the kind of the first one, and an empty line begins anew', () => {
  expect(allowed(['SystemCallFilter=read', 'SystemCallFilter=open', 'SystemCallFilter=~read'], 'read', 'open')).toEqual(
    ['open'],
  )
  expect(allowed(['SystemCallFilter=~mount open', 'SystemCallFilter=open'], 'read', 'mount', 'open')).toEqual([
    'read',
    'open',
  ])
  expect(allowed(['SystemCallFilter=~read', 'SystemCallFilter=', 'SystemCallFilter=read'], 'read', 'open')).toEqual([
    'read',
  ])
  expect(allowed(['SystemCallFilter=read \\', '# a remark', '  open'], 'read', 'open', 'mount')).toEqual([
    'read',
    'open',
  ])
})

test('calls of a list with ~ have errors of their own', () => {
  const { rules, defaultAction } = unit('SystemCallFilter=~mount:EACCES ptrace')
  expect(defaultAction).toBe('ALLOW')
  expect(rules.map(({ names, action, errno }) => [names, action, errno])).toEqual([
    [['mount'], 'ERRNO', 13],
    [['ptrace'], 'KILL_PROCESS', undefined],
  ])
})

test('SystemCallLog logs what it lists, or all other calls', () => {
  expect(unit('SystemCallLog=mount')).toMatchObject({
    defaultAction: 'ALLOW',
    rules: [{ names: ['mount'], action: 'LOG' }],
  })
  expect(unit('SystemCallLog=~read')).toMatchObject({
    defaultAction: 'LOG',
    rules: [{ names: ['read'], action: 'ALLOW' }],
  })
})

test('all architectures are filtered unless they are listed', () => {
  expect([...abisOf(unit('SystemCallFilter=read'), 'x64')]).toEqual(['x86_64', 'x86'])
  expect([...abisOf(unit('SystemCallArchitectures=native', 'SystemCallFilter=read'), 'x64')]).toEqual(['x86_64'])
  expect([...abisOf(unit('SystemCallArchitectures=native x86', 'SystemCallFilter=read'), 'x64')]).toEqual([
    'x86_64',
    'x86',
  ])
})

test.each([
  ['no filter', ['ExecStart=/bin/true'], /neither SystemCallFilter nor SystemCallLog/],
  ['a group', ['SystemCallFilter=@system-service'], /group of calls, '@system-service': replace it/],
  ['a wrong error', ['SystemCallErrorNumber=EWRONG', 'SystemCallFilter=read'], /'EWRONG' is no error/],
  ['escapes', ['SystemCallFilter=@\u001b[31m'], /'@\\x1b\[31m'/],
])('%s: a sentence', (_, lines, message) => {
  expect(() => unit(...lines)).toThrow(ProfileError)
  expect(() => unit(...lines)).toThrow(message)
})

test('any text is read or refused in a sentence', () => {
  const word = fc.constantFrom(
    'SystemCallFilter=',
    'SystemCallLog=',
    '~',
    'read',
    '@default',
    ':',
    'kill',
    '\\',
    '\n',
    ' ',
    '[Mount]\n',
    '__proto__',
    '=',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 40 }), (parts) => {
      try {
        readProfile(`[Service]\n${parts.join('')}`)
      } catch (e) {
        expect(e).toBeInstanceOf(ProfileError)
      }
    }),
  )
})
