// Inode numbers have 64 bits, and all of them are preserved: from files of other tools, through traces, in text, JSON
// and filters.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ksys } from '../../helpers/ksys.js'
import { block, event, join, processEntry, section, str, text, u8, u32, u64 } from '../scap/build.js'

/** Above 2^53, where a JavaScript number counts in twos, and above 2^63, where signed ones end. */
const OPENED = (1n << 53n) + 1n
const LISTED = (1n << 63n) + 1n
const PROGRAM = (1n << 63n) + 3n

const dir = mkdtempSync(path(tmpdir(), 'ksys-inodes-'))
const scap = path(dir, 'made.scap')
const ours = path(dir, 'made.ksys')

beforeAll(() => {
  const tail = [u64(5), u32(34816), u32(1000), u8(1), u64(1), u64(2), u64(3), u8(1), u64(PROGRAM), u64(8), u64(9)]
  const listed = join(u64(3), u64(LISTED), u8(16), u32(1), str('/etc/listed'), u32(7))
  const openat = [u64(4), u64(2n ** 64n - 100n), text('/etc/opened'), u32(1), u32(0), u32(7), u64(OPENED)]
  writeFileSync(
    scap,
    join(
      section(),
      block(0x215, processEntry(8, 8, 'sh', tail)),
      block(0x218, u64(8), u32(listed.length + 4), listed),
      event({ code: 5, tid: 8, time: 1, params: [u64(0), u64(3)] }),
      event({ code: 307, tid: 8, time: 2, params: openat }),
    ),
  )
  expect(ksys(['-r', scap, '-w', ours, '-q'])).toMatchObject({ code: 0 })
})

afterAll(() => rmSync(dir, { recursive: true }))

test.each([
  ['the .scap file', scap],
  ['what was written of it', ours],
])('are exact in %s', (_, file) => {
  const line = '%fd.name %fd.ino %proc.exe_ino'
  expect(ksys(['-r', file, '-p', line]).stdout.split('\n')).toEqual([
    `/etc/listed ${LISTED} ${PROGRAM}`,
    `/etc/opened ${OPENED} ${PROGRAM}`,
    '',
  ])
  const [first] = ksys(['-r', file, '-j', '-p', line]).stdout.split('\n')
  expect(first).toContain(`"fd.ino":${LISTED},`)
  const found = (filter: string) => ksys(['-r', file, '-p', '%fd.name', filter]).stdout.trim()
  expect(found(`fd.ino=${LISTED} and proc.exe_ino in (1, ${PROGRAM})`)).toBe('/etc/listed')
  expect(found(`fd.ino=${OPENED} or fd.ino=${LISTED - 1n}`)).toBe('/etc/opened')
})
