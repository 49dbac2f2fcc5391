// The output of sysdig's chisels for the captures: ksys prints the same rows with the same numbers.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../helpers/resident.js'
import { beside, here, unpacked } from './captures.js'
import { type Expectation, expectations, expected, lines } from './judge.js'
import { differs, leftOut } from './known-tables.js'
import { parseTable, tableDifferences } from './tables.js'

/** If the whole collection is next to the checkout, it includes the bundled captures. */
const complete = existsSync(join(beside, 'INDEX.md'))
const list: Expectation[] = complete ? expectations(beside, true) : expectations(join(here, 'expected'), true)
const dir = unpacked()

/** The chisels of this file; logs and listings have their own. */
const TABLES = /chisel_(top(procs|containers|files|conns|ports|scalls)|fd(bytes|count|time)_by|iobytes|table_generator)/

interface Json {
  data: unknown[][]
  info: ({ name: string; desc: string; is_key: boolean } | null)[]
}

/** The rows as a printed table, whose values are the last column in JSON. */
function ofJson(text: string) {
  const { data, info } = JSON.parse(text) as Json
  const rows = data.map((r) => [String(r.at(-1)), r.slice(0, -1).join(' ')] as const)
  return { head: info.filter((i) => i !== null).map((i) => `${i.name} ${i.desc} ${i.is_key}`), rows }
}

async function differences(e: Expectation, capture: string): Promise<string[]> {
  const text = await run(['-r', capture, '--enter', ...e.args])
  const theirText = expected(e)
  if (theirText.startsWith('{'))
    return tableDifferences(ofJson(theirText), ofJson(text), (rest) => leftOut(e.name, rest))
  const theirs = parseTable(lines(theirText))
  const ours = parseTable(lines(text))
  if (theirs !== undefined && ours !== undefined) return tableDifferences(theirs, ours, (rest) => leftOut(e.name, rest))
  const a = lines(theirText).sort()
  const b = lines(text).sort()
  return [
    ...a.filter((l) => !b.includes(l)).map((l) => `sysdig: ${l}`),
    ...b.filter((l) => !a.includes(l)).map((l) => `ksys: ${l}`),
  ]
}

test('every row of chisels over captures with both directions equals what sysdig printed', async () => {
  const wrong: Record<string, string[]> = {}
  for (const e of list.filter((x) => TABLES.test(x.name))) {
    const capture = complete ? e.capture : join(dir, e.capture.split('/').at(-1) as string)
    const found = (await differences(e, capture)).filter((d) => !differs(e.name, d))
    if (found.length > 0) wrong[e.name] = found.slice(0, 6)
  }
  expect(wrong).toEqual({})
}, 600_000)
