// Results of the UI's worker for files: rows and details, without a terminal.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseRules } from '../../src/redact/file.js'
import type { Redaction } from '../../src/redact/redaction.js'
import { File } from '../../src/tui/worker/file.js'
import type { Detail, Report, Request, Rows, ViewQuery } from '../../src/tui/worker/messages.js'
import { Session } from '../../src/tui/worker/session.js'
import { loadViews } from '../../src/views/index.js'
import { ksys } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const views = await loadViews()
const dir = scratchDir('answers')

const WEB = fileURLToPath(new URL('../../captures/web.ksys', import.meta.url))
/** a capture of sysdig with unix sockets of many kinds */
const NEWEST = join(dir, 'newest.scap')
writeFileSync(NEWEST, gunzipSync(readFileSync(new URL('../golden/captures/newest.scap.gz', import.meta.url))))

const ask = (view: string): ViewQuery => ({
  kind: 'query',
  number: 1,
  view,
  filter: '',
  apart: false,
  data: 'text',
  inside: { containers: false },
  sort: undefined,
  pinned: undefined,
  at: undefined,
})

/** Runs a session over a file; `then` handles its reports, until it has closed the session. */
async function session(
  file: string,
  first: Request,
  then: (r: Report, s: Session) => void,
  redaction?: Redaction,
): Promise<void> {
  const runtimes = { enabled: false, cri: [], docker: [] }
  const start = { file, refresh: 1000, runtimes, buffer: undefined, redaction, selfPid: process.pid, version: '0' }
  const s: Session = new Session(
    start,
    views,
    (r) => then(r, s),
    (own) => new File(own, file),
  )
  s.take(first)
  await s.run()
}

/** The complete result of a view, as text by column. */
async function rowsOf(file: string, view: string, filter = ''): Promise<Record<string, string>[]> {
  let last: Rows | undefined
  await session(file, { ...ask(view), filter }, (r, s) => {
    if (r.kind !== 'rows' || r.progress !== undefined) return
    last = r
    s.take({ kind: 'close' })
  })
  return (last?.rows ?? []).map((r) =>
    Object.fromEntries((last?.columns ?? []).map((c, i) => [c.title, String(r.cells[i] ?? '')])),
  )
}

test('Server Ports shows the server and its last client separately', async () => {
  const row = (await rowsOf(WEB, 'sports')).find((r) => r.SPORT === '8123')
  expect(row).toMatchObject({ SERVER: 'python3', CLIENT: 'curl' })
})

test('a file that was replaced is read again', async () => {
  const file = join(dir, 'changing.ksys')
  writeFileSync(file, readFileSync(WEB))
  const names: string[] = []
  await session(file, ask('procs'), (r, s) => {
    if (r.kind !== 'rows' || r.progress !== undefined) return
    const command = r.columns.findIndex((c) => c.title === 'Command')
    names.push(r.rows.map((row) => row.cells[command]).join())
    if (r.number === 2) s.take({ kind: 'close' })
    else {
      writeFileSync(file, readFileSync(new URL('../../captures/build.ksys', import.meta.url)))
      s.take({ ...ask('procs'), number: 2 })
    }
  })
  expect(names[0]).toContain('curl')
  expect(names[1]).toContain('make')
  expect(names[1]).not.toContain('curl')
})

test('unix sockets are shown by their paths, not by their addresses in the kernel', async () => {
  const rows = await rowsOf(NEWEST, 'incoming_connections')
  const names = rows.map((r) => r.Connection)
  expect(names.some((n) => /^\/tmp\/.*\/u\.sock$/.test(n ?? ''))).toBe(true)
  expect(names.join('\n')).toMatch(/^::1:\d+->::1:\d+$/m)
  const data = (await rowsOf(NEWEST, 'echo')).map((r) => r.Data).join('\n')
  expect(data).toMatch(/ (sendto|write|recvfrom|read|sendmsg) \d+ B.* {2}(unix|\/.*sock)$/m)
  const args = (await rowsOf(NEWEST, 'dig', 'fd.type in (unix, ipv4)')).map((r) => r.Arguments).join('\n')
  expect(args).toMatch(/ fd=\d+\(<u>unix\) size=\d+ tuple=unix$/m)
  expect(args).toMatch(/ fd=\d+\(<u>\/tmp\/.*\/u\.sock\)/)
  expect(args).toMatch(/tuple=127\.0\.0\.1:\d+->127\.0\.0\.1:\d+/)
  expect(`${names.join('\n')}${data}${args}`).not.toMatch(/[0-9a-f]{16}->/)
})

test('the page of an event counts its time from the start of the capture', async () => {
  const lines = ksys(['-r', WEB, '-p', '%evt.num %evt.reltime', 'evt.type=accept4']).stdout.trim().split('\n')
  const [num = '', reltime = ''] = lines.at(-1)?.split(' ') ?? []
  let detail: Detail | undefined
  await session(WEB, ask('dig'), (r, s) => {
    if (r.kind === 'rows' && r.progress === undefined) s.take({ kind: 'detail', number: 1, id: num, data: 'text' })
    if (r.kind !== 'detail') return
    detail = r
    s.take({ kind: 'close' })
  })
  const fields = new Map(detail?.sections.flatMap((x) => x.fields))
  // arguments as in a line of output, with their meanings
  expect(fields.get('fd')).toMatch(/^\d+\(<4t>.*:8123\)$/)
  expect(Number(reltime)).toBeGreaterThan(0)
  expect(fields.get('evt.reltime')).toBe(reltime)
  // relative to the previous requested event, which does not exist here
  expect(fields.get('evt.deltatime')).toBeUndefined()
})

test('omitted data are in no row, no filter and no page of an event', async () => {
  const rules = parseRules('proc.name hash\nproc.cmdline mask /curl/')
  const redaction: Redaction = { noBuffers: true, noEnv: true, noArgs: false, rules, key: new Uint8Array(32) }
  const of = async (view: string, filter: string) => {
    let told = ''
    await session(
      WEB,
      { ...ask(view), filter },
      (r, s) => {
        if (r.kind === 'rows' && r.progress === undefined) {
          told += JSON.stringify(r.rows)
          const first = r.rows[0]?.id
          s.take(first === undefined ? { kind: 'close' } : { kind: 'detail', number: 1, id: first, data: 'text' })
        } else if (r.kind === 'detail') {
          told += JSON.stringify(r.sections)
          s.take({ kind: 'close' })
        }
      },
      redaction,
    )
    return told
  }
  const told = await of('dig', 'evt.type=execve')
  expect(told).toMatch(/#[\da-f]{12}/)
  expect(told).toContain('***')
  for (const word of ['PATH=', '=curl', '"curl"']) expect([word, told.includes(word)]).toEqual([word, false])
  expect(await of('dig', 'proc.name=curl')).toBe('[]')
  expect(await of('echo', '')).not.toContain('HTTP/1')
})

test.each([
  ['text', /HTTP\/1\.1/, /data=GET \/ HTTP/],
  ['printable', /HTTP\/1\.1/, /data=GET \/ HTTP/],
  ['hex', /47 45 54 20 2f .* GET \//, /data=474554202f/],
  ['masked', /recvfrom \d+ B/, /data=\(\d+ bytes masked\)/],
] as const)('data are shown as %s in echo, dig and on the page of an event', async (data, echoed, args) => {
  let told = ''
  await session(WEB, { ...ask('echo'), filter: 'fd.type=ipv4', data }, (r, s) => {
    if (r.kind === 'detail') {
      told += JSON.stringify(r)
      s.take({ kind: 'close' })
    }
    if (r.kind !== 'rows' || r.progress !== undefined) return
    const text = r.rows.map((row) => row.cells.join(' ')).join('\n')
    told += text
    expect(text).toMatch(r.number === 1 ? echoed : args)
    if (r.number === 1) s.take({ ...ask('dig'), number: 2, filter: 'fd.type=ipv4 and evt.is_io_write=true', data })
    else s.take({ kind: 'detail', number: 2, id: r.rows[0]?.id ?? '', data })
  })
  if (data === 'masked') expect(told).not.toMatch(/HTTP\/|GET|47 ?45 ?54|"71":84/)
})

test('in a trace of several hosts rows and events belong to one host each, which is a column', async () => {
  const both = join(dir, 'both.ksys')
  expect(ksys(['merge', WEB, WEB, '-w', both, '--host', 'a', '--host', 'b'])).toMatchObject({ code: 0 })
  const hosts = { containers: true, pods: true, hosts: true }
  const answer = async (file: string, view: string, filter = '', inside: ViewQuery['inside'] = hosts) => {
    let last: Rows | undefined
    let detail: Detail | undefined
    await session(file, { ...ask(view), filter, inside }, (r, s) => {
      if (r.kind === 'detail') detail = r
      if (r.kind === 'detail') s.take({ kind: 'close' })
      if (r.kind !== 'rows' || r.progress !== undefined) return
      last = r
      if (view === 'dig') s.take({ kind: 'detail', number: 1, id: '3', data: 'text' })
      else s.take({ kind: 'close' })
    })
    return { rows: last?.rows ?? [], titles: last?.columns.map((c) => c.title) ?? [], detail }
  }
  const own = await answer(WEB, 'procs', '', { containers: true, pods: true })
  const merged = await answer(both, 'procs')
  expect(merged.rows).toHaveLength(2 * own.rows.length)
  expect(new Set(merged.rows.map((r) => r.id)).size).toBe(merged.rows.length)
  const at = merged.titles.indexOf('HOST')
  for (const host of ['a', 'b']) expect(merged.rows.filter((r) => r.cells[at] === host)).toHaveLength(own.rows.length)
  const dig = await answer(both, 'dig', 'host.name=b and evt.type=accept4')
  expect(dig.rows.length).toBe((await answer(WEB, 'dig', 'evt.type=accept4')).rows.length)
  expect(dig.detail).toBeDefined()
})
