// The state of processes and descriptors while they change: a program performs operations, prints which file, socket, name or
// user each call really had, and every such call must have been recorded with exactly that.
import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { claims, compile, readRows, scratchDir, unfulfilled } from '../helpers/live.js'

const dir = realpathSync(scratchDir('state'))
const FIELDS = [
  ...['evt.type', 'evt.rawres', 'thread.tid', 'thread.vtid', 'proc.pid', 'proc.vpid', 'proc.ppid', 'proc.name'],
  ...['proc.pname', 'proc.exepath', 'proc.cwd', 'proc.nthreads', 'fd.num', 'fd.name', 'fd.type', 'fd.typechar'],
  ...['fd.cip', 'fd.cport', 'fd.sip', 'fd.sport', 'fd.l4proto', 'fd.is_server'],
  ...['user.name', 'user.uid', 'group.name', 'group.gid'],
  ...['proc.sid', 'proc.pgid', 'proc.is_sid_leader', 'proc.fdlimit'],
  ...['thread.cap_permitted', 'thread.cap_effective', 'thread.cap_inheritable'],
]

/** Runs one section of the program under ksys; the trace and the program's own account. */
function act(section: string, filter: string[] = []): { trace: string; said: string } {
  const exe = compile(dir, 'state')
  const work = join(dir, section)
  mkdirSync(work)
  const account = join(work, 'said')
  const trace = join(dir, `${section}.ksys`)
  expect(ksys(['-w', trace, ...filter, '--', exe, section, work], { env: { SAID: account } })).toMatchObject({
    code: 0,
    stderr: '',
  })
  return { trace, said: account }
}

describe.skipIf(!privileged())('every call has the file, the name and the user that it really had', () => {
  for (const [section, atLeast, what] of [
    ['sharing', 17, 'descriptor tables that are shared, copied, unshared, borrowed by vfork'],
    ['copies', 12, 'dup, fcntl, close_range, close-on-exec'],
    ['thread-exec', 3, 'exec by a thread that is not the leader'],
    ['directories', 9, 'chdir, fchdir and chroot, alone and shared, through links'],
    ['own-directories', 6, 'directories of threads and processes that unshare a namespace'],
    ['ways', 7, 'paths through links and up again, below a root, of no name, too deep'],
    ['peers', 5, 'associations that end, ports that the kernel chooses'],
    ['passing', 15, 'descriptors passed over a socket and taken through a pidfd, from their first use'],
    ['aside', 5, 'descriptors made by an ioctl, a birth or a filter'],
    ['names', 4, 'renames by prctl, through /proc and by another thread'],
    ['ids', 3, 'changes of user and group'],
    ['rights', 7, 'changes of session, group, capabilities and limits'],
    ['sockets', 6, 'both ends of connections over IPv4, IPv6 and a unix socket'],
    ['pids', 5, 'a pid that is used again'],
  ] as const)
    test(what, () => {
      const { trace, said } = act(section)
      const wanted = claims(said)
      expect(wanted.length).toBeGreaterThanOrEqual(atLeast)
      expect(unfulfilled(wanted, readRows(trace, FIELDS)).join('\n')).toBe('')
    })

  test('a process that a filter passes by name may get a table of descriptors of its own', () => {
    const { trace, said } = act('own-table', ['proc.name=state and evt.type=pread'])
    const wanted = claims(said)
    expect(wanted).toHaveLength(6)
    expect(unfulfilled(wanted, readRows(trace, FIELDS)).join('\n')).toBe('')
  })

  test('three threads may open and close the same numbers at the same time', () => {
    const { trace } = act('race')
    const file: Record<number, string> = { 101: 'race-a', 102: 'race-b', 103: 'race-c' }
    const reads = readRows(trace, FIELDS, ['evt.type=pread and evt.rawres in (101, 102, 103)'])
    expect(reads).toHaveLength(1200)
    const wrong = reads.filter((r) => r['fd.name'] !== join(dir, 'race', file[r['evt.rawres'] as number] as string))
    expect(wrong.map((r) => `${r['evt.rawres']} bytes from ${r['fd.name']}`)).toEqual([])
  })

  test('a pid namespace starts with its first process, for the processes in it', () => {
    const trace = join(dir, 'pidns.ksys')
    const inside = ['unshare', '--pid', '--fork', 'sh', '-c', 'true | /bin/true; true']
    expect(ksys(['-w', trace, '--', ...inside]).code).toBe(0)
    const rows = readRows(trace, ['proc.vpid', 'proc.pid.ts', 'proc.pidns_init_start_ts'], ['evt.type=exit_group'])
    const init = rows.find((r) => r['proc.vpid'] === 1)
    const [outside, ...others] = new Set(rows.filter((r) => r !== init).map((r) => r['proc.pidns_init_start_ts']))
    expect(rows.length).toBeGreaterThan(3)
    expect(init?.['proc.pidns_init_start_ts']).toBe(init?.['proc.pid.ts'])
    expect([outside, ...others]).toContain(init?.['proc.pid.ts'])
    expect(others).toHaveLength(1)
  })
})
