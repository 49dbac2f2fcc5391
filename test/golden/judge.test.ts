// What real sysdig printed for the captures, line by line. The bundled expectations always run; the whole collection does
// when it lies beside the checkout.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { main } from '../helpers/ksys.js'
import { compare, compareColumns, type Expectation, expectations, expected, lines, run } from './judge.js'
import { alternatives, meant, normal, SKIPPED } from './known.js'

const here = new URL('.', import.meta.url).pathname
const beside = join(here, '../../../shared/captures')
const all: Expectation[] = existsSync(join(beside, 'INDEX.md')) ? expectations(beside) : []
const bundled: Expectation[] = existsSync(join(here, 'expected/INDEX.md')) ? expectations(join(here, 'expected')) : []
const unpacked = mkdtempSync(join(tmpdir(), 'ksys-golden-'))

beforeAll(() => {
  for (const f of readdirSync(join(here, 'captures')))
    writeFileSync(join(unpacked, f.replace(/\.gz$/, '')), gunzipSync(readFileSync(join(here, 'captures', f))))
  return () => rmSync(unpacked, { recursive: true })
})

async function differences(e: Expectation, capture: string): Promise<string[]> {
  const format = e.args.find((a) => a.includes('|'))
  if (format !== undefined) return compareColumns(main, capture, e, format, alternatives, normal)
  const ours = lines(await run(main, ['-r', capture, '--enter', ...e.args])).map(normal)
  return compare(lines(expected(e)).map(normal), ours)
    .filter((d) => !meant(e.name, d.theirs, d.ours))
    .map((d) => `${d.line}: ${d.theirs ?? '(no line)'}\n  ksys: ${d.ours ?? '(no line)'}`)
}

const judged = (list: readonly Expectation[]) => list.filter((e) => !SKIPPED.some(([output]) => output.test(e.name)))

describe.each([
  ['bundled', bundled],
  ['all', all],
] as const)('%s captures with both directions', (which, list) => {
  test.skipIf(list.length === 0)(
    'every line equals what sysdig printed',
    async () => {
      const wrong: Record<string, string[]> = {}
      for (const e of judged(list)) {
        const capture = which === 'all' ? e.capture : join(unpacked, e.capture.split('/').at(-1) as string)
        const found = await differences(e, capture)
        if (found.length > 0) wrong[e.name] = found.slice(0, 3)
      }
      expect(wrong).toEqual({})
    },
    600_000,
  )
})

test('folded, every exit event has the number, time, process and recorded arguments that sysdig shows', async () => {
  const wrong: string[] = []
  for (const e of bundled.filter((x) => x.name.endsWith('/default.txt'))) {
    const capture = join(unpacked, e.capture.split('/').at(-1) as string)
    const ours = new Map(lines(await run(main, ['-r', capture])).map((l) => [l.split(' ', 1)[0], normal(l)]))
    for (const line of lines(expected(e)).map(normal)) {
      if (!/ \(\d+\) < /.test(line) || meant(e.name, line, undefined) || / < unknown$| < connect res=-2/.test(line))
        continue
      const mine = ours.get(line.split(' ', 1)[0])
      const has = (word: string) => mine?.includes(word.replace(/^pgid=/, 'vpgid='))
      if (!line.split(/ (?=[\w.]+=)/).every(has)) wrong.push(`${line}\n  ksys: ${mine}`)
    }
  }
  expect(wrong.slice(0, 5)).toEqual([])
}, 120_000)
