// Where programs of system calls run: at the functions of wanted calls only if nothing that the filter passes is missed.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, planFilter } from '../../../src/filter/index.js'
import { CALL_FUNCTIONS } from '../../../src/schema/call-functions.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import type { AttachHost } from '../../../src/source/attach-host.js'
import { attachmentFor, attachmentSentence, hostSentence } from '../../../src/source/attachment.js'
import { packConfig } from '../../../src/source/pack.js'
import { type Attach, everything } from '../../../src/source/plan.js'

/** A kernel that has all calls, as its type information names their functions. */
const KERNEL = [
  ...CALL_FUNCTIONS.map(({ name, shared }) => (shared ? `__do_sys_${name}` : `__x64_sys_${name}`)),
  ...[
    '__ia32_sys_read',
    '__ia32_compat_sys_openat',
    '__ia32_compat_ia32_mmap',
    '__ia32_sys_getppid',
    '__ia32_sys_exit',
  ],
]

const HOST = { arch: 'x64', possible: true, anyNumber: true, switchedOff: false } as const

function attached(
  filter: string | undefined,
  {
    asked = 'calls',
    kernel = KERNEL,
    ...host
  }: { asked?: Attach | 'unset'; kernel?: string[] } & Partial<AttachHost> = {},
) {
  const options = { arch: 'x64', output: [], snaplen: 0, selfPid: 1 } as const
  const plan = filter === undefined ? everything(1) : planFilter(checkFilter(filter, registry), registry, options)
  const config = packConfig(plan, EVENTS, 'x64')
  const attach = asked === 'unset' ? undefined : asked
  return attachmentFor({ ...plan, attach }, config, { ...HOST, functions: () => kernel, ...host })
}

test('a filter on few kinds of calls runs programs at these, at those of the state, and at all of 32-bit programs', () => {
  const { functions } = attached('evt.type in (openat, fork, exit_group)')
  for (const name of ['openat', 'fork', 'exit_group', 'close', 'execve', 'clone', 'dup2'])
    expect(functions).toContain(`__x64_sys_${name}`)
  for (const name of ['read', 'write', 'futex', 'getppid', 'newstat'])
    expect(functions).not.toContain(`__x64_sys_${name}`)
  expect(functions).toEqual(expect.arrayContaining(['__ia32_sys_read', '__ia32_compat_ia32_mmap', '__ia32_sys_exit']))
  // one function for both kinds of programs: 64-bit ones make the call often
  expect(functions).not.toContain('__ia32_sys_getppid')
})

test('a call has another name in the kernel', () => {
  expect(attached('evt.type in (stat, uname)').functions).toEqual(
    expect.arrayContaining(['__x64_sys_newstat', '__x64_sys_newuname']),
  )
})

const EVERYWHERE = 'BPF programs run at every call of the machine: '
const sentence = (...of: Parameters<typeof attached>) => attachmentSentence(attached(...of))

test('captures of unknown numbers use the tracepoints; the sentence says why', () => {
  for (const filter of ['proc.name=cat', undefined])
    for (const asked of ['calls', 'unset'] as const)
      expect(sentence(filter, { asked })).toContain(`${EVERYWHERE}calls of all kinds are wanted`)
  expect(sentence('evt.type=openat', { asked: 'tracepoints' })).toBe(`${EVERYWHERE}requested with --attach tracepoints`)
  expect(sentence('evt.type=openat')).toBe('BPF programs run at the wanted calls alone: requested with --attach calls')
})

test('without --attach, few kinds of calls are attached singly, if the kernel reports any number of them at once', () => {
  const few = 'BPF programs run at the wanted calls alone: few kinds of calls are wanted'
  for (const filter of ['evt.type in (openat, execve)', 'evt.type in (connect, sendto, recvfrom)'])
    expect(sentence(filter, { asked: 'unset' })).toBe(few)
  expect(sentence('evt.type in (read, write, readv, writev, futex)', { asked: 'unset' })).toContain(
    `${EVERYWHERE}calls that programs make often are wanted (read, write, readv ...)`,
  )
  expect(sentence('evt.type=openat', { asked: 'unset', anyNumber: false })).toContain('so --attach calls must be given')
  for (const asked of ['calls', 'unset'] as const)
    expect(sentence('evt.type=openat', { asked, switchedOff: true })).toContain('(sysctl kernel.ftrace_enabled)')
})

test('a kernel that cannot is the reason, whatever was asked for', () => {
  for (const asked of ['calls', 'unset'] as const)
    expect(sentence('evt.type=openat', { asked, possible: false })).toBe(
      `${EVERYWHERE}this kernel cannot attach programs to single functions`,
    )
  expect(sentence('evt.type=openat', { possible: undefined })).toContain(`${EVERYWHERE}it is not known`)
  expect(sentence('evt.type=openat', { arch: 'arm64' })).toContain('on x86-64 only')
})

test('before there is a plan, the sentence is about the machine', () => {
  const host: AttachHost = { ...HOST, functions: () => KERNEL }
  expect(hostSentence(host)).toBe(
    'BPF programs run at the wanted calls alone if a filter or rules name few kinds, else at every call of the machine',
  )
  expect(hostSentence({ ...host, anyNumber: false })).toBe(
    'BPF programs run at every call of the machine; with --attach calls, at the wanted calls alone',
  )
  expect(hostSentence({ ...host, possible: false })).toContain('cannot attach programs to single functions')
})

test('a wanted call that the kernel lacks has no function; the state needs none of its calls, which all fail', () => {
  const kernel = KERNEL.filter((name) => name !== '__x64_sys_openat2')
  expect(sentence('evt.type=openat2', { kernel })).toContain('(openat2)')
  expect(attached('evt.type=openat', { kernel }).functions).not.toContain('__x64_sys_openat2')
  expect(attached('evt.type=openat').functions).toContain('__x64_sys_openat2')
})
