// A trace of an arm64 machine is read here as it is read there: numbers and names of calls, flags, structures, filters.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { accountLines, missing } from '../helpers/account.js'
import { ksys } from '../helpers/ksys.js'
import { readRows } from '../helpers/live.js'
import { OF_KNOWN, recorded } from '../kernels/step.js'
import { READ } from '../kernels/steps.js'

const file = (name: string) => new URL(`arm64/${name}`, import.meta.url).pathname
const trace = file('known.ksys')
const KNOWN = 'proc.name=known'
const account = accountLines(readFileSync(file('said'), 'utf8')).filter((s) => s.type !== 'resident')

test('every line equals the one that the arm64 machine printed', () => {
  const read = ksys(['-r', trace, '-v', '-p', READ, KNOWN])
  expect(read.code).toBe(0)
  expect(read.stdout).toBe(readFileSync(file('read'), 'utf8'))
})

test('each call of the program is included, with its arguments', () => {
  expect(account.length).toBeGreaterThan(50)
  expect(missing(account, recorded(trace, OF_KNOWN)).join('\n')).toBe('')
})

test('filters by type find the calls by the numbers of arm64', () => {
  const all = readRows(trace, ['evt.num', 'evt.type'], [KNOWN])
  const types = [...new Set(all.map((r) => String(r['evt.type'])))]
  expect(types.length).toBeGreaterThan(20)
  for (const type of types.filter((_, i) => i % 6 === 0))
    expect(readRows(trace, ['evt.num', 'evt.type'], [`${KNOWN} and evt.type=${type}`]), type).toEqual(
      all.filter((r) => r['evt.type'] === type),
    )
})

test('the trace has the machine that it is from', () => {
  expect(ksys(['info', trace]).stdout).toMatch(/arm64|aarch64/)
})
