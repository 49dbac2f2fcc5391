// Operations of io_uring, which are not system calls, compared with the account of the program that requested them.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hostFeatures } from '../../src/source/features.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { claims, compile, type Row, readRows, scratchDir, unfulfilled } from '../helpers/live.js'

const dir = scratchDir('uring')
const supported = privileged() && existsSync('/proc/sys/kernel/io_uring_disabled') && hostFeatures()?.get('io_uring')

describe.skipIf(!supported)('io_uring', () => {
  test('each operation is an event with its descriptor, result and latency; created and closed descriptors are followed', () => {
    const exe = compile(dir, 'uring')
    const trace = join(dir, 'a.ksys')
    const file = join(dir, 'file')
    expect(ksys(['-w', trace, '--', exe, file], { env: { SAID: join(dir, 'said') } }).code).toBe(0)
    const args = ['opcode', 'user_data', 'fd'].map((name) => `evt.rawarg.${name}`)
    const rows = readRows(trace, ['evt.type', 'evt.rawres', 'evt.arg.opcode', 'evt.latency', 'fd.name', ...args])
    const seen = rows.map((r) => ({ ...r, opcode: r['evt.arg.opcode'] }) as Record<string, unknown>)
    const account = claims(join(dir, 'said'))
    expect(account).toHaveLength(8)
    expect(unfulfilled(account, seen).join('\n')).toBe('')

    const ops = seen.filter((r) => r['evt.type'] === 'io_uring_complete')
    expect(ops.every((r) => (r['evt.latency'] as number) > 0)).toBe(true)
    const timeout = ops.find((r) => r.opcode === 'IORING_OP_TIMEOUT')
    expect(timeout?.['evt.latency']).toBeGreaterThanOrEqual(20_000_000)
    const on = (opcode: string) => ops.filter((r) => r.opcode === opcode).map((r) => r['fd.name'])
    expect(on('IORING_OP_WRITE')).toEqual([file])
    expect(on('IORING_OP_CLOSE')).toEqual([file])
    // accepted through the ring, read with system calls
    const read = readRows(trace, ['fd.name'], ['evt.type=read and evt.buffer=ping'])
    expect(read.map((r) => /^127\.0\.0\.1:\d+->127\.0\.0\.1:\d+$/.test(String(r['fd.name'])))).toEqual([true, true])
  })

  test('a filter on calls alone still knows the files that a ring opened', () => {
    const exe = compile(dir, 'uring')
    const env = { SAID: join(dir, 'said') }
    const { stdout } = ksys(['-p', '%evt.type %fd.name', 'evt.type=read and fd.type=ipv4', '--', exe, join(dir, 'f')], {
      env,
    })
    expect(stdout).toMatch(/^(read 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+\n){2}$/)
  })

  const FIELDS = [
    'evt.type',
    'evt.rawres',
    'evt.arg.opcode',
    'evt.latency',
    'evt.abspath',
    'fd.name',
    'fd.type',
    'fd.other.num',
    'fd.other.name',
    'fd.other.type',
    'fs.path.source',
    'fs.path.target',
    ...['user_data', 'fd', 'fd_in', 'file_index', 'cqe_flags', 'dirfd', 'path', 'target', 'link', 'xattr'].map(
      (name) => `evt.rawarg.${name}`,
    ),
  ]

  /** Runs uring_ends; the recorded operations, and the entries of its account that are not among them. */
  function endsOf(how: string, ...more: string[]) {
    const exe = compile(dir, 'uring_ends')
    const folder = mkdtempSync(join(dir, `${how}-`))
    for (const name of ['hidden', 'silent', 'kept']) writeFileSync(join(folder, name), 'text')
    const trace = join(folder, 'a.ksys')
    const run = ksys(['--no-container-metadata', '-w', trace, '--', exe, how, folder, ...more], {
      env: { SAID: join(folder, 'said') },
    })
    expect(run.code).toBe(0)
    const rows = readRows(trace, FIELDS).map((r): Row => ({ ...r, opcode: r['evt.arg.opcode'] }))
    const account = claims(join(folder, 'said'))
    return {
      run,
      trace,
      said: account,
      ops: rows.filter((r) => r['evt.type'] === 'io_uring_complete'),
      left: unfulfilled(account, rows),
    }
  }

  const of = (ops: readonly Row[], opcode: string) => ops.filter((r) => r.opcode === opcode)

  test('many waiting operations hide neither themselves nor one that waits with them', () => {
    const { run, ops, left } = endsOf('many', '30000')
    expect(left.join('\n')).toBe('')
    expect(run.stderr).toBe('')
    expect(of(ops, 'IORING_OP_POLL_ADD')).toHaveLength(30_000)
    expect(new Set(of(ops, 'IORING_OP_POLL_ADD').map((r) => r['evt.rawarg.fd'])).size).toBe(1)
  })

  test('multishot operations with the same user_data each have their own completions, and a cancelled descriptor is named', () => {
    const { said, ops, left } = endsOf('twins')
    expect(left.join('\n')).toBe('')
    const turns = (rows: readonly Row[]) =>
      rows.map((r) => `${r.opcode} ${r['evt.rawres'] as number} ${r['evt.rawarg.fd'] as number}`)
    const claimed = said.map((c): Row => ({ ...c.fields, 'evt.rawres': c.ret }))
    expect(turns(ops).slice(0, said.length)).toEqual(turns(claimed))
  })

  test('operations that succeed without a completion are recorded once, with their results', () => {
    const { said, ops, left } = endsOf('silent')
    expect(left.join('\n')).toBe('')
    expect(ops).toHaveLength(said.filter((c) => c.type === 'io_uring_complete').length)
    expect(ops.every((r) => (r['evt.latency'] as number) > 0)).toBe(true)
  })

  test('the same is true of a ring whose own thread submits', () => {
    const IORING_SETUP_SQPOLL = '2'
    const { said, ops, left } = endsOf('silent', IORING_SETUP_SQPOLL)
    expect(left.join('\n')).toBe('')
    expect(ops).toHaveLength(said.filter((c) => c.type === 'io_uring_complete').length)
  })

  test.each(['keeping', 'closing'])(
    'a program with many rings, %s each: the results of all are known while an operation of another waits',
    (how) => {
      const { said, left } = endsOf('rings', how)
      expect(said).toHaveLength(10)
      expect(left.join('\n')).toBe('')
    },
  )

  test('operations that nothing has checked when their process ends are recorded nevertheless, without an unknown result', () => {
    const IORING_SETUP_DEFER_TASKRUN = '0x3000' // and its requirement, IORING_SETUP_SINGLE_ISSUER
    const { said, ops } = endsOf('silent', IORING_SETUP_DEFER_TASKRUN)
    const done = said.filter((c) => c.type === 'io_uring_complete')
    const paths = (list: readonly unknown[]) => list.filter((p) => typeof p === 'string').sort()
    expect(paths(ops.map((r) => r['evt.rawarg.path']))).toEqual(paths(done.map((c) => c.fields['evt.rawarg.path'])))
    const unlinked = of(ops, 'IORING_OP_UNLINKAT').map((r) => r['evt.rawres'])
    expect(unlinked).toHaveLength(2)
    for (const result of unlinked) expect([0, -125, null]).toContain(result)
    expect(unlinked).toContain(null)
  })

  test("completions beyond the ring's capacity are recorded once", () => {
    const { said, ops, left } = endsOf('full')
    expect(left.join('\n')).toBe('')
    expect(said).toHaveLength(256)
    expect(ops).toHaveLength(256)
  })

  test('paths are those that the program passed', () => {
    const { said, ops, left } = endsOf('paths')
    expect(left.join('\n')).toBe('')
    expect(ops).toHaveLength(said.length)
  })

  test('descriptors that arrive with messages, from the files of the ring and as a pipe are known afterwards', () => {
    const { left } = endsOf('made')
    expect(left.join('\n')).toBe('')
  })

  test('splice and tee have both descriptors, and filters and tables find them by either', () => {
    const { trace, said, ops, left } = endsOf('copies')
    expect(said.map((c) => c.ret)).toEqual([4, 4, 4, 4])
    expect(left.join('\n')).toBe('')
    expect(ops.map((r) => r['evt.rawarg.fd_in'] !== null)).toEqual([true, true, true, false])
    const FOUND = ['evt.arg.opcode', 'evt.buflen', 'fd.type', 'fd.other.type']
    const found = (filter: string) =>
      readRows(trace, FOUND, [`evt.type=io_uring_complete and ${filter}`]).map((r) => FOUND.map((f) => r[f]).join(' '))
    expect(found('fd.name endswith /kept')).toEqual(['IORING_OP_SPLICE 4 file pipe'])
    expect(found('fd.name endswith /copy')).toEqual(['IORING_OP_SPLICE 4 file pipe'])
    expect(found('fd.type=pipe')).toEqual([
      'IORING_OP_SPLICE 4 pipe file',
      'IORING_OP_TEE 4 pipe pipe',
      'IORING_OP_SPLICE 4 pipe file',
      'IORING_OP_SPLICE 4 pipe ',
    ])
    const table = [
      'table_generator',
      'fd.name',
      'Name',
      'evt.count',
      'Count',
      'evt.type=io_uring_complete',
      '9',
      'none',
    ]
    const { stdout } = ksys(['-r', trace, '-c', ...table])
    for (const name of ['kept', 'copy']) expect(stdout).toMatch(new RegExp(`^1 +\\S+/${name}$`, 'm'))
  })

  test('an operation without a path or a target shows none', () => {
    const exe = compile(dir, 'uring_ends')
    const folder = mkdtempSync(join(dir, 'shown-'))
    const env = { SAID: join(folder, 'said') }
    const { stdout } = ksys(['-p', '%evt.args', 'evt.type=io_uring_complete', '--', exe, 'paths', folder], { env })
    expect(stdout).toMatch(/opcode=28\(IORING_OP_OPENAT2\) .* dirfd=\d+\(.*\) path=a\(.*\/a\)\n/)
    expect(stdout).not.toContain('<NA>')
  })
})
