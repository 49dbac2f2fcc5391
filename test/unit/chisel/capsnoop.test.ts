// capsnoop: which capability a call lacked, and whether the thread nevertheless had it.
import { expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import type { ParamValue, RowSpec } from '../../helpers/rows.js'
import { shell, thread } from '../state/world.js'

const EPERM = -1
const EACCES = -13
const SYS_ADMIN = 2 ** 21
const base = shell()
const snapshot = {
  ...base,
  threads: [
    ...base.threads,
    thread(200, { comm: 'root', capEffective: SYS_ADMIN }),
    thread(201, { uid: 1000, comm: 'user' }),
  ],
}
const failed = (type: string, ret: number, params: Record<string, ParamValue> = {}, tid = 201): RowSpec => ({
  type,
  ret,
  tid,
  params,
})

test('the capability follows from the call and the error; it is - if there are several possible reasons', async () => {
  const { lines } = await overRows(
    'capsnoop',
    [
      failed('openat', EACCES, { dirfd: -100, name: '/etc/shadow', flags: 0 }),
      failed('openat', EACCES, { dirfd: -100, name: '/etc/shadow', flags: 1 }),
      failed('newfstatat', EACCES, { dirfd: -100, path: '/root/x', flags: 0 }),
      failed('unlink', EACCES, { path: '/etc/passwd' }),
      failed('unlink', EPERM, { path: '/tmp/theirs' }),
      failed('chown', EPERM, { path: '/tmp' }),
      failed('chroot', EPERM, { path: '/' }),
      failed('kill', EPERM, { pid: 1, sig: 9 }),
      failed('socket', EPERM, { domain: 2, type: 3, proto: 1 }),
      failed('write', EPERM, { fd: 9, size: 1 }),
      failed('openat', -2, { dirfd: -100, name: '/no', flags: 0 }),
    ],
    { snapshot },
  )
  expect(lines.slice(1).map((l) => l.slice(28).replace(/ +/g, ' ').trim())).toEqual([
    'openat EACCES DAC_READ_SEARCH /etc/shadow',
    'openat EACCES DAC_OVERRIDE /etc/shadow',
    'newfstatat EACCES DAC_READ_SEARCH /root/x',
    'unlink EACCES DAC_OVERRIDE /etc/passwd',
    'unlink EPERM FOWNER /tmp/theirs',
    'chown EPERM CHOWN /tmp',
    'chroot EPERM SYS_CHROOT /',
    expect.stringMatching(/^kill EPERM KILL pid=1/),
    expect.stringMatching(/^socket EPERM NET_RAW domain=2/),
    expect.stringMatching(/^write EPERM - /),
  ])
})

test('a capability in effect is in brackets', async () => {
  const rows = [failed('mount', EPERM, {}, 200), failed('mount', EPERM)]
  const seen = await overRows('capsnoop', rows, { snapshot })
  expect(seen.lines.map((l) => / (\S*SYS_ADMIN\S*) /.exec(l)?.[1])).toEqual([undefined, '(SYS_ADMIN)', 'SYS_ADMIN'])
  expect(seen.values.map((v) => [v.needs, v.held])).toEqual([
    ['CAP_SYS_ADMIN', true],
    ['CAP_SYS_ADMIN', false],
  ])
})

test('processes are counted at the end', async () => {
  const rows = [
    failed('mount', EPERM, {}, 200),
    failed('chroot', EPERM, { path: '/' }),
    failed('chroot', EPERM, { path: '/a' }),
  ]
  const seen = await overRows('capsnoop', rows, { snapshot, words: ['processes'] })
  expect(seen.lines.map((l) => l.replace(/ +/g, ' '))).toEqual([
    'CALLS PID COMM ERR NEEDS CALL',
    '2 201 user EPERM SYS_CHROOT chroot',
    '1 200 root EPERM (SYS_ADMIN) mount',
  ])
  expect(seen.values[0]).toMatchObject({ pid: 201, call: 'chroot', count: 2 })
})
