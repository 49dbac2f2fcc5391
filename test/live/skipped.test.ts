// Calls that the kernel does not make: seccomp answers them, or a tracer skips them. All are recorded, and none is mistaken
// for a return of a handler, which has no number either.
import { describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'

const dir = scratchDir('skipped')
const CHILDREN = 'proc.name in (answered, traced, told)'

/** The frequency of each combination of the fields, of programs/skipped.c. */
const counts = (fields: string, ...filter: string[]) => countsOf('skipped', fields, ...filter)

/** The same for another program. */
function countsOf(program: string, fields: string, ...filter: string[]): Record<string, number> {
  const { stdout, stderr, code } = ksys(['-p', `*${fields}`, ...filter, '--', compile(dir, program)])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const found: Record<string, number> = {}
  for (const line of stdout.trimEnd().split('\n')) found[line] = (found[line] ?? 0) + 1
  return found
}

const SKIPPED = { 'traced unknown -1 -38': 5, 'told unknown -1 77': 4 }
const UNKNOWN = { ...SKIPPED, 'traced unknown 9999 -38': 3 }
const FIELDS = '%proc.name %evt.type %evt.rawarg.nativeID %evt.rawres'

describe.runIf(privileged() && process.arch === 'x64')('calls that the kernel does not make', () => {
  test('have their number, or none, and the result that their program got', () => {
    expect(counts(FIELDS, `${CHILDREN} and evt.type in (unknown, gettid, rt_sigreturn)`)).toEqual({
      ...UNKNOWN,
      'answered gettid <NA> -38': 3,
      'traced rt_sigreturn <NA> 0': 5,
      'told rt_sigreturn <NA> 0': 4,
    })
    const answered = counts('%evt.failed %evt.res', 'proc.name=answered and evt.type=getppid')
    expect(answered['true EPERM']).toBe(3)
    expect(counts('%proc.name', `${CHILDREN} and evt.type=getppid`)).toEqual({ answered: 6 })
  })

  test('have the signal as their result if seccomp sends one, and are recorded if it ends the thread', () => {
    const refused = {
      'trapped SIGSYS true': 1,
      'killed SIGSYS true': 1,
      'threaded SIGSYS true': 1,
      'strict SIGKILL true': 1,
    }
    const fields = '%proc.name %evt.res %evt.failed'
    expect(countsOf('refused', fields, 'evt.type=mkdirat')).toEqual(refused)
    expect(countsOf('refused', fields, 'evt.type=mkdirat and evt.failed=true')).toEqual(refused)
    expect(countsOf('refused', fields, 'evt.res in (SIGSYS, SIGKILL)')).toEqual(refused)
  })

  test('have their path, whichever way seccomp ends them', () => {
    expect(countsOf('refused', '%evt.arg.dirfd %evt.arg.path %evt.arg.mode', 'evt.type=mkdirat')).toEqual({
      'AT_FDCWD /proc/never 1C0': 4,
    })
  })

  test('of a killed thread have plain arguments, flags, paths and addresses, and none of the others', () => {
    const { stdout } = ksys(['-p', '%evt.type %evt.args', 'evt.res=SIGSYS', '--', compile(dir, 'refused'), 'kinds'])
    const lines = stdout
      .replaceAll(/ (res|fd)=\S*\(SIGSYS\)/g, '')
      .trimEnd()
      .split('\n')
    expect(lines.slice(0, -1)).toEqual([
      'connect tuple=NULL fd=77 addr=127.0.0.1:4321',
      'pwritev2 fd=77 size=NULL vlen=2 pos_l=5 pos_h=0 flags=2(RWF_DSYNC) data=NULL',
      'utimensat dfd=-100(AT_FDCWD) filename=/proc/never utimes=NULL flags=256(AT_SYMLINK_NOFOLLOW)',
      'brk vm_size=NULL vm_rss=NULL vm_swap=NULL addr=1000',
      'openat dirfd=-100(AT_FDCWD) name=/proc/never flags=1(O_RDONLY) mode=0 dev=NULL ino=NULL',
    ])
    expect(lines.at(-1)).toMatch(/^execve( \w+=(<NA>|NULL))+ filename=\/proc\/never$/)
  })

  test('are recorded by a filter for them alone', () => {
    expect(counts(FIELDS, 'evt.type=unknown and proc.name!=x32')).toEqual(UNKNOWN)
    expect(counts('%evt.rawarg.nativeID', 'evt.type=unknown and proc.name=x32')).toEqual({ [0x40000000 | 39]: 2 })
    expect(counts(FIELDS, 'evt.arg.nativeID=-1')).toEqual(SKIPPED)
    expect(counts(FIELDS, 'evt.rawarg.nativeID > 100 and syscall.type=unknown and proc.name!=x32')).toEqual({
      'traced unknown 9999 -38': 3,
    })
  })

  test('have no latency if their start was not captured, rather than that of another call', () => {
    const fields = '%evt.type %evt.latency'
    expect(counts(fields, 'proc.name=answered and evt.type in (getppid, gettid) and evt.failed=true')).toEqual({
      'getppid <NA>': 3,
      'gettid <NA>': 3,
    })
  })
})
