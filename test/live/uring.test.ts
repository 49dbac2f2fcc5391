// Operations of io_uring, which no system call tells of, beside what the program that made them says.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hostFeatures } from '../../src/source/features.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { claims, compile, readRows, scratchDir, unfulfilled } from '../helpers/live.js'

const dir = scratchDir('uring')
const supported = privileged() && existsSync('/proc/sys/kernel/io_uring_disabled') && hostFeatures()?.get('io_uring')

describe.skipIf(!supported)('io_uring', () => {
  test('each operation is an event with its descriptor, result and latency; descriptors made and closed are followed', () => {
    const exe = compile(dir, 'uring')
    const trace = join(dir, 'a.ksys')
    const file = join(dir, 'file')
    expect(ksys(['-w', trace, '--', exe, file], { env: { SAID: join(dir, 'said') } }).code).toBe(0)
    const args = ['opcode', 'user_data', 'fd'].map((name) => `evt.rawarg.${name}`)
    const rows = readRows(trace, ['evt.type', 'evt.rawres', 'evt.arg.opcode', 'evt.latency', 'fd.name', ...args])
    const seen = rows.map((r) => ({ ...r, opcode: r['evt.arg.opcode'] }) as Record<string, unknown>)
    const said = claims(join(dir, 'said'))
    expect(said).toHaveLength(8)
    expect(unfulfilled(said, seen).join('\n')).toBe('')

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
})
