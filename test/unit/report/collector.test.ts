// What a report contains about hand-made calls.
import { describe, expect, test } from 'vitest'
import { pageOf } from '../../../src/report/page.js'
import { pageText } from '../../../src/report/text.js'
import { creates, reads, reportOn, runs } from '../../helpers/report.js'
import type { RowSpec } from '../../helpers/rows.js'

const EACCES = -13
const EPERM = -1
const ENOENT = -2

describe('files', () => {
  test('are divided by the working folder, the system, and folders for temporary files', () => {
    const { report } = reportOn([
      reads('src/main.c'),
      creates('/home/main.o'),
      reads('/usr/include/stdio.h'),
      reads('/opt/sdk/sdk.h'),
      creates('/tmp/ccAbcdef.s'),
      { type: 'unlink', params: { path: '/tmp/ccAbcdef.s' } },
      creates('/tmp/left'),
      creates('/dev/null'),
    ])
    expect(report.folder).toBe('/home')
    expect(report.inside).toEqual({ read: 1, written: 1, removed: 0 })
    expect(report.system).toBe(1)
    expect(report.temporary).toBe(1)
    expect(report.read.map((r) => r.path)).toEqual(['/opt/sdk/sdk.h'])
    expect(report.written.map((r) => r.path)).toEqual(['/tmp/left'])
    expect(report.removed).toEqual([])
  })

  test('of a folder become one row if there are more than a few', () => {
    const many = Array.from({ length: 30 }, (_, i) => creates(`/root/.npm/cache/file-${String.fromCharCode(97 + i)}x`))
    const { report, unfolded } = reportOn([...many, creates('/root/.npmlog'), creates('/root/.profile')])
    expect(report.written).toEqual([
      { path: '/root/.npm/cache/', files: 30, by: ['p100'] },
      { path: '/root/.npmlog', files: 1, by: ['p100'] },
      { path: '/root/.profile', files: 1, by: ['p100'] },
    ])
    expect(unfolded.written).toHaveLength(32)
  })

  test('that were renamed count as removed and written', () => {
    const { report } = reportOn([{ type: 'rename', params: { oldpath: '/opt/a', newpath: '/srv/b' } }])
    expect(report.removed.map((r) => r.path)).toEqual(['/opt/a'])
    expect(report.written.map((r) => r.path)).toEqual(['/srv/b'])
  })
})

describe('secrets', () => {
  test('are files that were opened, refused or missing, and opened ones come first', () => {
    const { report } = reportOn([
      reads('/root/.kube/config', { ret: ENOENT }),
      reads('/etc/shadow', { ret: EACCES }),
      reads('/root/.ssh/id_rsa'),
      reads('/root/.ssh/id_rsa'),
    ])
    expect(report.secrets.map(({ what, did, count }) => [what, did, count])).toEqual([
      ['/root/.ssh/id_rsa', ['read'], 2],
      ['/etc/shadow', ['refused'], 1],
      ['/root/.kube/config', ['not found'], 1],
    ])
  })

  test('that get another name are found by the old one', () => {
    const { report } = reportOn([{ type: 'link', params: { oldpath: '/root/.ssh/id_rsa', newpath: '/tmp/x' } }])
    expect(report.secrets).toMatchObject([{ what: '/root/.ssh/id_rsa', did: ['changed'] }])
  })

  test('the environment of the process itself is none', () => {
    const { report } = reportOn([reads('/proc/100/environ'), reads('/proc/1/environ')])
    expect(report.secrets.map((r) => r.what)).toEqual(['/proc/PID/environ'])
    expect(report.secrets[0]?.count).toBe(1)
  })
})

test('refused calls are counted by call, path and error; other errors are not shown', () => {
  const { report } = reportOn([
    { type: 'mkdir', ret: EACCES, params: { path: '/srv/x' } },
    { type: 'mkdir', ret: EACCES, params: { path: '/srv/x' } },
    { type: 'setuid', ret: EPERM, params: { uid: 0 } },
    { type: 'mkdir', ret: ENOENT, params: { path: '/srv/y' } },
  ])
  expect(report.refused.map(({ what, count }) => [what, count])).toEqual([
    ['mkdir /srv/x: EACCES', 2],
    ['setuid: EPERM', 1],
  ])
})

test('privileges are what calls did, and what programs gained', () => {
  const { report } = reportOn([
    { type: 'unshare', params: { flags: 0x10000000 } },
    { type: 'bpf', ret: 3, params: { cmd: 5 } },
    { type: 'setuid', params: { uid: 1000 } },
    { type: 'setuid', ret: EPERM, params: { uid: 0 } },
    { type: 'chmod', params: { filename: '/opt/tool', mode: 0o4755 } },
  ])
  expect(report.privileges.map((r) => r.what)).toEqual([
    'made new namespaces: user',
    'used bpf: BPF_PROG_LOAD',
    'changed to user 1000',
    'made a set-uid or set-gid file: /opt/tool',
  ])
})

describe('programs', () => {
  const child = (tid: number): RowSpec[] => [{ type: 'clone', ret: tid, params: { flags: 0 } }]
  test('are a tree with counts; scripts have names, other arguments do not', () => {
    const { report } = reportOn([
      runs('/usr/bin/npm', ['install', '--token=hunter2']),
      ...child(200),
      runs('/usr/bin/node', ['--no-warnings', 'scripts/post.js', 'hunter2'], 200),
      ...child(201),
      runs('/usr/bin/node', ['-e', 'hunter2.js'], 201),
      ...child(202),
      runs('/usr/bin/node', ['scripts/post.js'], 202),
    ])
    expect(report.programs).toEqual([
      {
        program: '/usr/bin/npm',
        runs: 1,
        programs: [
          { program: '/usr/bin/node', script: 'scripts/post.js', runs: 2, programs: [] },
          { program: '/usr/bin/node', runs: 1, programs: [] },
        ],
      },
    ])
    expect(report.arguments).toBe('***')
    expect(JSON.stringify(report)).not.toContain('hunter2')
  })

  test('have their arguments if secrets are shown', () => {
    const { report } = reportOn([runs('/usr/bin/npm', ['install', '--token=hunter2'])], { secrets: true })
    expect(report.arguments).toEqual(['install', '--token=hunter2'])
    expect(report.programs[0]?.arguments).toEqual(['install', '--token=hunter2'])
  })
})

test('a capture of several unrelated programs has no command and no working folder', () => {
  const { report } = reportOn([reads('/home/a'), { ...reads('/home/b'), tid: 1 }])
  expect([report.command, report.folder]).toEqual([undefined, undefined])
  expect(report.read.map((r) => r.path)).toEqual(['/home/a', '/home/b'])
})

test('a working folder with a random name is a folder like others, and what is in it is named by what follows', () => {
  const folder = '/tmp/job-Ab3dEf9'
  const { report } = reportOn(
    [
      reads(`${folder}/.env`),
      creates('/tmp/job-Zy8xWv7/out'),
      creates(`${folder}/out`),
      { type: 'mkdir', ret: EACCES, params: { path: `${folder}/x` } },
      { type: 'chmod', params: { filename: `${folder}/tool`, mode: 0o4755 } },
    ],
    { folder },
  )
  expect(report.folder).toBe(folder)
  expect(report.secrets[0]?.what).toBe('./.env')
  expect(report.inside).toEqual({ read: 1, written: 2, removed: 0 })
  expect(report.written.map((r) => r.path)).toEqual(['/tmp/job-*/out'])
  expect(report.refused[0]?.what).toBe('mkdir ./x: EACCES')
  expect(report.privileges[0]?.what).toBe('made a set-uid or set-gid file: ./tool')
})

test('a process that goes back to its first user returns to it', () => {
  const { report } = reportOn(
    [
      { ...reads('/usr/lib/a'), params: { dirfd: -100, name: '/usr/lib/a', flags: 1 } },
      { type: 'setuid', params: { uid: 1000 } },
      { type: 'setuid', params: { uid: 0 } },
    ],
    {},
    undefined,
    false,
  )
  expect(report.privileges.map((r) => r.what)).toEqual(['changed to user 1000', 'returned to user 0'])
})

test('what exceeds a ceiling is counted, the report says so, and the page shows 25 rows and the number of the others', () => {
  const rows = Array.from({ length: 2010 }, (_, i) => ({
    type: 'mkdir',
    ret: EACCES,
    params: { path: `/srv/${'x'.repeat(i + 1)}` },
  }))
  const { report } = reportOn(rows)
  expect(report.refused).toHaveLength(2000)
  expect(report.incomplete).toEqual(['10 calls beyond the first 2,000 different ones are not in the report'])
  const text = pageText(pageOf(report, undefined))
  expect(text).toContain('\nIncomplete: 10 calls beyond the first 2,000 different ones are not in the report.\n')
  expect(text.match(/^ {2}mkdir /gm)).toHaveLength(25)
  expect(text).toContain('\n  and 1,975 more\n')
})
