// The output of real sysdig for the captures, field by field. The bundled outputs are always compared; if the whole collection
// is next to the checkout it is used instead.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../helpers/resident.js'
import { beside, here, unpacked } from './captures.js'
import { unknownFields } from './columns.js'
import { differences, judged } from './compare.js'
import { type Expectation, expectations, expected, lines } from './judge.js'
import { RULES } from './known.js'

const complete = existsSync(join(beside, 'INDEX.md'))
const dir = unpacked()
const bundled: Expectation[] = expectations(join(here, 'expected')).map((e) => ({
  ...e,
  capture: join(dir, e.capture.split('/').at(-1) as string),
}))
const all = complete ? expectations(beside) : bundled

const used = new Set<string>()

const folder = (e: Expectation): string => e.name.split('/')[0] as string

test.each([...new Set(judged(all).map(folder))])(
  'every line of %s with both directions equals what sysdig printed',
  async (capture) => {
    const wrong: string[] = []
    for (const e of judged(all).filter((x) => folder(x) === capture))
      for (const d of await differences(e)) {
        const rule = RULES.find((r) => r.meant(d))
        if (rule === undefined) wrong.push(`${e.name} ${d.num} ${d.field}: ${d.theirs}\n  ksys: ${d.ours}`)
        else used.add(rule.name)
      }
    expect(wrong.slice(0, 20)).toEqual([])
  },
  900_000,
)

test('every allowed difference has its reason, and occurs', () => {
  const reasons = readFileSync(join(here, 'differences.md'), 'utf8')
  for (const r of RULES) expect(reasons).toContain(`**${r.name}**`)
  if (complete) expect(RULES.map((r) => r.name).filter((name) => !used.has(name))).toEqual([])
})

test('no field of the formats is skipped', () => {
  expect(all.flatMap((e) => e.args.filter((a) => a.includes('|')).flatMap(unknownFields))).toEqual([])
})

test('folded, every exit event has the number, time, process and recorded arguments that sysdig shows', async () => {
  const wrong: string[] = []
  for (const e of all.filter((x) => x.name.endsWith('/default.txt'))) {
    const ours = new Map(lines(await run(['-r', e.capture])).map((l) => [l.split(' ', 1)[0], renamed(l)]))
    for (const line of lines(expected(e)).map(renamed)) {
      // an exit without the number of its call; its enter has it
      if (!/ \(\d+\) < (?!unknown$)/.test(line)) continue
      const mine = ours.get(line.split(' ', 1)[0])
      const has = (word: string) => mine?.includes(word.replace(/^pgid=/, 'vpgid='))
      if (!line.split(/ (?=[\w.]+=)/).every(has)) wrong.push(`${line}\n  ksys: ${mine}`)
    }
  }
  expect(wrong.slice(0, 5)).toEqual([])
}, 300_000)

/** The names that threads set for themselves, which sysdig does not know. */
function renamed(line: string): string {
  return line.replace(/\b(?:bio_close_file|bio_aof|bio_lazy_free|jemalloc_bg_thd)(?= \(|\))/g, 'redis-server')
}

test('folded, every filter finds the exit events that sysdig finds', async () => {
  const wrong: string[] = []
  for (const e of all.filter((x) => /\/f_/.test(x.name))) {
    const exits = (text: string) =>
      new Map(lines(text).flatMap((l) => (/ \(\d+\) < /.test(l) ? [[Number.parseInt(l, 10), l] as const] : [])))
    const ours = exits(await run(['-r', e.capture, ...e.args]))
    const theirs = exits(expected(e))
    const apart = [...new Map([...ours, ...theirs])].filter(([n, line]) => {
      // one record of enter and exit has mmap's descriptor, and calls that never return
      const joined = / < (?:mmap .* fd=|exit(?:_group)?$)/.test(line) && !theirs.has(n)
      return ours.has(n) !== theirs.has(n) && !joined
    })
    const meant = new Set(apart.length === 0 ? [] : (await differences(e)).map((d) => d.num))
    for (const [n, line] of apart) if (!meant.has(n)) wrong.push(`${e.name} ${line}`)
  }
  expect(wrong.slice(0, 20)).toEqual([])
}, 300_000)

test('a filter that can pass enter events shows them as they were recorded', async () => {
  for (const e of all.filter((x) => x.name.endsWith('/default.txt'))) {
    const theirs = lines(expected(e))
      .map(renamed)
      .filter((l) => / \(\d+\) > open(?:at)?(?: |$)/.test(l))
    const ours = lines(await run(['-r', e.capture, 'evt.type in (open, openat) and evt.dir=>'])).map(renamed)
    expect(ours, e.name).toEqual(theirs)
  }
}, 60_000)
