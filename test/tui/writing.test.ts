// :write of the UI: the trace has the contents that the command writes for the same filter, and nothing is overwritten unless confirmed.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { VERSION } from '../../src/cli/version.js'
import { matchesEnter } from '../../src/filter/index.js'
import { openTrace } from '../../src/run/file-kinds.js'
import { Writing } from '../../src/tui/worker/writing.js'
import { ksys } from '../helpers/ksys.js'

const WEB = fileURLToPath(new URL('../../captures/web.ksys', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'ksys-write-'))
afterAll(() => rmSync(dir, { recursive: true }))

const runtimes = { enabled: false, cri: [], docker: [] }
const start = { file: WEB, refresh: 1000, runtimes, buffer: undefined, selfPid: process.pid, version: VERSION }

/** The messages about it. */
function write(path: string, { filter = '', replace = false, file = WEB, stop = false } = {}): Promise<string> {
  const writing = new Writing({ kind: 'write', path, filter, replace }, start, () => undefined)
  const result = writing.run(async (asked, format) => ({
    open: () => openTrace(file, { enter: format === 'scap' && asked === undefined }),
    close: async () => undefined,
    read: [file],
  }))
  if (stop) void writing.stop()
  return result
}

test('the file has the events of the selection, as with ksys -w', async () => {
  const path = join(dir, 'a.ksys')
  const filter = 'proc.name=curl and fd.num>2'
  const told = await write(path, { filter })
  const wanted = (await ksys(['-r', WEB, filter])).stdout
  expect(told).toBe(`wrote ${wanted.split('\n').length - 1} events to ${path}`)
  expect((await ksys(['-r', path])).stdout).toBe(wanted)
})

test('an existing file is replaced only on request, the one that is shown never', async () => {
  const path = join(dir, 'b.ksys')
  copyFileSync(WEB, path)
  const before = readFileSync(path)
  expect(await write(path)).toContain(':write! ')
  expect(await write(path, { file: path, replace: true })).toContain('is the file that is shown')
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(await write(path, { filter: 'evt.type=openat', replace: true })).toContain('wrote ')
  expect(readFileSync(path).equals(before)).toBe(false)
  expect(await write(join(dir, 'no/such/folder.ksys'))).toContain('there is no such folder')
})

const SAMPLE = fileURLToPath(new URL('../golden/captures/sample.scap.gz', import.meta.url))

test.each([
  ['csv', WEB],
  ['csv.gz', WEB],
  ['pcapng', WEB],
  ['pftrace', WEB],
  ['arrows', WEB],
  ['parquet', WEB],
  ['scap', WEB],
  ['scap.gz', WEB],
  ['scap', SAMPLE],
])('a file ending in .%s has the contents that ksys -w writes, with a filter and without', async (ending, file) => {
  for (const [i, filter] of ['', 'proc.name=curl or evt.type=write'].entries()) {
    const [ours, theirs] = ['ours', 'theirs'].map((who) => join(dir, `${who}-${i}.${ending}`)) as [string, string]
    expect(await write(ours, { filter, file, replace: true })).toMatch(/^wrote [1-9]\d* events to /)
    expect(ksys(['-r', file, '-w', theirs, ...(filter === '' ? [] : [filter])]).code).toBe(0)
    const bytes = (path: string) => {
      const all = readFileSync(path)
      return ending.endsWith('gz') ? gunzipSync(all) : all
    }
    expect(bytes(ours).equals(bytes(theirs))).toBe(true)
  }
})

test('events of several hosts are written if the format supports this', async () => {
  const both = join(dir, 'both.ksys')
  const build = fileURLToPath(new URL('../../captures/build.ksys', import.meta.url))
  expect(ksys(['merge', WEB, build, '-w', both]).code).toBe(0)
  for (const ending of ['ksys', 'csv']) {
    const path = join(dir, `hosts.${ending}`)
    expect(await write(path, { file: both, filter: 'proc.name!=x' })).toMatch(/^wrote /)
    const theirs = join(dir, `hosts-theirs.${ending}`)
    expect(ksys(['-r', both, '-w', theirs, 'proc.name!=x']).code).toBe(0)
    const lines = (file: string) => (ending === 'csv' ? readFileSync(file, 'utf8') : ksys(['-r', file]).stdout)
    expect(lines(path)).toBe(lines(theirs))
  }
  expect(await write(join(dir, 'hosts.scap'), { file: both })).toBe(
    `${join(dir, 'hosts.scap')} was not written: a .scap file cannot hold several hosts`,
  )
  expect(await write(join(dir, 'hosts.pcapng'), { file: both })).toContain('pcapng cannot hold several hosts')
  expect(existsSync(join(dir, 'hosts.scap'))).toBe(false)
  expect(await write(join(dir, 'x.parquet.gz'))).toContain('compressed already')
})

test('with a filter on the starts of calls the trace has these', async () => {
  const path = join(dir, 'enter.ksys')
  const scap = fileURLToPath(new URL('../golden/captures/sample.scap.gz', import.meta.url))
  const filter = 'evt.dir=> and evt.type=nanosleep'
  const writing = new Writing({ kind: 'write', path, filter, replace: false }, start, () => undefined)
  const told = await writing.run(async (asked) => ({
    open: () => openTrace(scap, { enter: asked !== undefined && matchesEnter(asked) }),
    close: async () => undefined,
    read: [scap],
  }))
  const wanted = ksys(['-r', scap, filter]).stdout
  expect(told).toBe(`wrote ${wanted.trim().split('\n').length} events to ${path}`)
  expect(ksys(['-r', path]).stdout).toBe(wanted)
})

test('writing that is stopped at once leaves no file, or a complete trace', async () => {
  const path = join(dir, 'c.ksys')
  expect(await write(path, { stop: true })).toMatch(/the first \d+ % of it/)
  if (existsSync(path)) expect((await ksys(['-r', path])).code).toBe(0)
})

test.each(['ksys', 'csv', 'scap', 'parquet'])(
  'a file ending in .%s whose input cannot be read to its end leaves nothing open, and no partial file',
  async (ending) => {
    const path = join(dir, `failed.${ending}`)
    const failing = async () => {
      const source = await openTrace(WEB)
      let batches = 0
      source.next = () =>
        batches++ === 0
          ? Object.getPrototypeOf(source).next.call(source)
          : Promise.reject(new Error('the disk has gone'))
      return source
    }
    // the input is scanned for a .scap file before
    const opens = [...(ending === 'scap' ? [() => openTrace(WEB)] : []), failing]
    const order = ending === 'scap' ? opens.reverse() : opens
    const before = openFiles()
    const writing = new Writing({ kind: 'write', path, filter: 'evt.num>0', replace: false }, start, () => undefined)
    const told = await writing.run(async () => ({
      open: () => (order.shift() ?? failing)(),
      close: async () => undefined,
      read: [WEB],
    }))
    expect(told).toContain('the disk has gone')
    expect(existsSync(`${path}.part`)).toBe(false)
    expect(openFiles()).toEqual(before)
    // the previous contents are intact
    if (ending === 'ksys') expect(ksys(['-r', path, '-q'])).toMatchObject({ code: 0, stderr: '' })
  },
)

/** Files of the test that this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd')
    .flatMap((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`)
      } catch {
        return []
      }
    })
    .filter((path) => path.startsWith(dir))
}
