// What real sysdig's chisels printed for the captures, row by row. Blanks and colours are not compared.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { main } from '../helpers/ksys.js'
import { run } from './judge.js'

const here = new URL('.', import.meta.url).pathname
const unpacked = mkdtempSync(join(tmpdir(), 'ksys-golden-'))
const captures = readdirSync(join(here, 'captures')).map((f) => f.replace(/\.scap\.gz$/, ''))

beforeAll(() => {
  for (const name of captures)
    writeFileSync(join(unpacked, `${name}.scap`), gunzipSync(readFileSync(join(here, 'captures', `${name}.scap.gz`))))
  return () => rmSync(unpacked, { recursive: true })
})

interface Case {
  readonly chisel: string
  /** of the expectation's file, behind the chisel's name */
  readonly suffix?: string
  readonly args?: readonly string[]
  /** rows come in any order */
  readonly unordered?: boolean
  /** a row of ours and of theirs, as it is compared */
  readonly row?: (line: string) => string
}

/** Users are those of the capture; sysdig took the names from the machine that read it. */
const withoutUser = (column: number) => (line: string) =>
  line
    .split(' ')
    .filter((_, i) => i !== column)
    .join(' ')
/** lsof and netstat of old cut what is longer than its column. */
const cutNames = (line: string) => withoutUser(3)(line).replace(/^(\S{1,19}) /, '$1 ')
const cutPort = (line: string) => line.replace(/^(tcp|udp) (\S{24})\S* /, '$1 $2 ')

const cases: readonly Case[] = [
  { chisel: 'ps', row: withoutUser(2), unordered: true },
  { chisel: 'ps', suffix: '_proc.name=bash', args: ['proc.name=bash'], row: withoutUser(2) },
  { chisel: 'lsof', row: cutNames, unordered: true },
  { chisel: 'lsof', suffix: '_fd.type=file', args: ['fd.type=file'], row: cutNames, unordered: true },
  { chisel: 'netstat', row: cutPort, unordered: true },
  { chisel: 'netstat', suffix: '_fd.type=ipv4', args: ['fd.type=ipv4'], row: cutPort, unordered: true },
  { chisel: 'echo_fds' },
  { chisel: 'spy_users', row: (line) => line.replace(/^(\d+ \S+) \S*\)/, '$1') },
  { chisel: 'httplog' },
  { chisel: 'httptop' },
]

/** Differences that are meant, each with its reason. */
const MEANT: readonly (readonly [output: RegExp, line: RegExp, reason: string])[] = [
  [/^(cat_write|curl_google)\/ps$/, /^(20072 20072|17497 17497) /, 'the first event is the exec of this process'],
  [/^(container|sample)\/ps$/, / sysdig$/, 'the first event tells the memory of the thread that switched'],
  [/^mix\/spy_users$/, /^19080 /, 'sysdig stopped with an error at the third line'],
  [
    /^container\/echo_fds$/,
    / Read 3B from .*\(docker\)$/,
    'a read whose enter event was not recorded is given descriptor 0',
  ],
]

const ANSI = /\u001b\[[0-9;]*m/g
const rows = (text: string, c: Case): string[] => {
  const lines = text
    .replace(ANSI, '')
    .split('\n')
    .map((l) => l.replace(/ +/g, ' ').trim())
    .filter((l) => l !== '')
    .map(c.row ?? ((l) => l))
  return c.unordered ? lines.sort() : lines
}

/** Where the outputs of a chisel for a capture differ first; undefined when they do not, or nothing is expected. */
async function difference(capture: string, name: string, c: Case): Promise<string | undefined> {
  const file = join(here, 'expected', capture, `chisel_${name}.txt.gz`)
  if (!existsSync(file)) return undefined
  const output = `${capture}/${name}`
  const meant = (line: string) => MEANT.some(([o, l]) => o.test(output) && l.test(line))
  const theirs = rows(gunzipSync(readFileSync(file)).toString('utf8'), c).filter((l) => !meant(l))
  const printed = await run(main, ['-r', join(unpacked, `${capture}.scap`), '-c', c.chisel, ...(c.args ?? [])])
  const ours = rows(printed, c).filter((l) => !meant(l))
  const at = theirs.findIndex((l, i) => l !== ours[i])
  if (at < 0 && ours.length === theirs.length) return undefined
  return `${output}:\n  theirs: ${theirs[Math.max(0, at)]}\n  ours: ${ours[Math.max(0, at)]}`
}

test.each(cases.map((c) => [`${c.chisel}${c.suffix ?? ''}`, c] as const))(
  '%s has the rows that sysdig printed',
  async (name, c) => {
    const found = await Promise.all(captures.map((capture) => difference(capture, name, c)))
    expect(found.filter((d) => d !== undefined)).toEqual([])
  },
)
