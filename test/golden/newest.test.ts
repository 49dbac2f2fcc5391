// The output of libs 0.25 itself for one of its captures: events at their end only, with all parameters.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { run } from '../helpers/resident.js'
import { lines, PART } from './judge.js'

const here = new URL('.', import.meta.url).pathname
const dir = mkdtempSync(join(tmpdir(), 'ksys-newest-'))
const capture = join(dir, 'newest.scap')
const unzip = (file: string): Buffer => gunzipSync(readFileSync(join(here, file)))

beforeAll(() => {
  writeFileSync(capture, unzip('captures/newest.scap.gz'))
  return () => rmSync(dir, { recursive: true })
})

const FIELDS = (
  'evt.num evt.rawtime evt.type evt.dir proc.name proc.pid thread.tid proc.ppid proc.cmdline proc.exepath proc.cwd ' +
  'fd.num fd.type fd.name user.name group.name evt.res evt.args'
).split(' ')

/** Names that threads set for themselves; libs retains the program's. */
const OWN_NAMES: readonly (readonly [RegExp, string])[] = [
  [/\bexotic-main\b/g, 'python3'],
  [/\b(?:bio_\w+|jemalloc_bg_thd)\b/g, 'redis-server'],
]
const sameNames = (line: string): string => OWN_NAMES.reduce((l, [own, name]) => l.replace(own, name), line)

const NOT_THERE = '/var/run/nscd/socket'

/** Events about a socket that a peer wrote to. */
const RECEIVED = /^recv|^close$/

/** dup2 of an unknown descriptor leaves libs with the file that it replaced; then it is shown for others. */
const STALE = new Set(['11187', '11362', '11367', '11374', '11384'])

/** The accepted outputs of libs for this value of ksys. */
function alternatives(field: string, event: Readonly<Record<string, string>>): string[] {
  const value = event[field] as string
  const [type = '', fdType] = [event['evt.type'], event['fd.type']]
  const out = [literal(value)]
  // an unknown parent
  if (field === 'proc.ppid' && value === '0') out.push('<NA>')
  // the name of an unknown descriptor
  if (field === 'fd.name' && value === '<NA>') out.push('')
  // a socket whose connect failed: ksys shows the target
  if (field === 'fd.name' && value === NOT_THERE) out.push('')
  if (field === 'evt.args') out.push(literal(value.replace(`<u>${NOT_THERE}`, '<u>')))
  // the receiving side of a bound IPv6 socket is the server's
  if (field === 'fd.name' && fdType === 'ipv6' && RECEIVED.test(type))
    out.push(literal(value.split('->').reverse().join('->')))
  // calls that cannot fail have no result
  if (field === 'evt.res' && /^gete?[ug]id$/.test(type)) out.push('SUCCESS')
  if (field === 'evt.args') {
    // the protocol of a bound socket
    out.push(literal(value.replace(/(?<=<[46])[tu](?=>[\d.:]+:\d+\))/, '')))
    if (RECEIVED.test(type)) out.push(literal(value.replace(/(?<=<6u>)(\S+)->([^\s)]+)/, '$2->$1')))
  }
  return out
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

test('a capture of the newest libs has the same events, fields and arguments', async () => {
  const format = `*${FIELDS.map((f) => `%${f}`).join(PART)}`
  const theirs = new Map(
    lines(unzip('expected/newest/fields.txt.gz').toString()).map((l) => [l.split(' ', 1)[0], sameNames(l)]),
  )
  const wrong: string[] = []
  let same = 0
  for (const line of lines(await run(['-v', '-r', capture, '-p', format]))) {
    const values = sameNames(line).split(PART)
    const event = Object.fromEntries(FIELDS.map((f, i) => [f, values[i] ?? '']))
    const their = theirs.get(values[0])
    theirs.delete(values[0])
    if (STALE.has(values[0] ?? '') && their !== undefined) continue
    // the list has no lines for threads other than the main ones
    if (their === undefined && event['proc.pid'] !== event['thread.tid']) continue
    const pattern = FIELDS.map((f) => `(?:${alternatives(f, event).join('|')}) *`).join(' ')
    if (their !== undefined && (their === values.join(' ').trimEnd() || new RegExp(`^${pattern}$`).test(`${their} `)))
      same++
    else wrong.push(`${their}\n  ksys: ${values.join(' ')}`)
  }
  for (const line of theirs.values()) wrong.push(`${line}\n  ksys: (no line)`)
  expect(wrong.slice(0, 10)).toEqual([])
  expect(same).toBeGreaterThan(11_000)
}, 120_000)

test('tables have a row for each name of a process that renames itself, together with what libs has under one name', async () => {
  const pid = 19229
  const call = new RegExp(
    `^\\d+ \\d+ (?:p?read|p?write)v? < python3 ${pid} .* (\\d+) file (\\S+) root root SUCCESS res=(\\d+) `,
  )
  const theirs = lines(unzip('expected/newest/fields.txt.gz').toString()).flatMap((l) => {
    const [, num, name, bytes] = call.exec(l) ?? []
    return num === undefined ? [] : [{ file: `${num} ${name}`, bytes: Number(bytes) }]
  })
  const total = theirs.reduce((sum, t) => sum + t.bytes, 0)
  const filter = `proc.pid=${pid} and fd.type=file and evt.is_io=true`
  const { data } = JSON.parse(await run(['-r', capture, '-j', '-c', 'topprocs_file', filter]))
  expect(data.map(([name]: [string]) => name)).toEqual(['python3', 'exotic-main'])
  expect(data.reduce((sum: number, row: [string, number, number]) => sum + row[2], 0)).toBe(total)
  const counts = lines(await run(['-r', capture, '-c', 'fdcount_by', 'proc.name', filter])).map((l) => l.split('\t'))
  expect(counts.map(([name]) => name)).toEqual(['python3', 'exotic-main'])
  expect(counts.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(new Set(theirs.map((t) => t.file)).size)
})
