// Features that a kernel lacks are reported in a sentence.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CODE_LIMIT } from '../../../src/schema/codes.js'
import { eventsByName } from '../../../src/schema/events/index.js'
import { FEATURES, hostFeatures, ioUringWarning, lackingFeature } from '../../../src/source/features.js'
import { everything, MAX_NR, VERDICT } from '../../../src/source/plan.js'

const all = (lacking: string[] = []) => new Map(FEATURES.map((f) => [f.name, !lacking.includes(f.name)]))
const native = new URL('../../../native/', import.meta.url).pathname

test('the addon knows every feature, and every program belongs to a feature', () => {
  const has = hostFeatures()
  if (has !== undefined) expect([...has.keys()].sort()).toEqual(FEATURES.map((f) => f.name).sort())
  const table = [
    ...readFileSync(`${native}capture/programs.cc`, 'utf8').matchAll(/^\t\{"(\w+)", "([\w ]+)", (?:"|nullptr)/gm),
  ]
  const sources = readdirSync(`${native}bpf`).map((file) => readFileSync(`${native}bpf/${file}`, 'utf8'))
  const programs = sources.flatMap((text) => [
    ...text.matchAll(/^SEC\("(?:tp_btf|iter|k(?:ret)?probe).*"\)\n(?:int |TRACEPOINT_PROG\()(\w+)/gm),
  ])
  expect(table.map((m) => m[1]).sort()).toEqual(programs.map((m) => m[1]).sort())
  const names = FEATURES.map((f) => f.name)
  for (const [, program, feature] of table) expect(names, program).toContain(feature)
})

test('only a missing required feature ends a capture', () => {
  expect(lackingFeature(all())).toBeUndefined()
  expect(lackingFeature(all(['io_uring', 'direct reads', 'page faults', 'signals', 'iterators']))).toBeUndefined()
  expect(lackingFeature(all(['io_uring', 'registers of threads']))?.since).toBe('5.15')
})

test('use of io_uring on a kernel without support is reported once a program was seen to use it', () => {
  const seen = new Uint32Array(CODE_LIMIT)
  expect(ioUringWarning(seen)).toBeUndefined()
  seen[eventsByName('io_uring_enter').at(-1) as number] = 3
  expect(ioUringWarning(seen)).toMatch(/used io_uring; this kernel .* does not support capturing/)
})

test('a capture of io_uring operations alone reports the missing feature at its start', () => {
  const uring = FEATURES.find((f) => f.name === 'io_uring')
  expect(uring?.isRequested?.(everything(0))).toBe(false)
  const alone = { ...everything(0), verdicts: new Uint8Array(MAX_NR).fill(VERDICT.DROP) }
  expect(uring?.isRequested?.(alone)).toBe(true)
  expect(uring?.isRequested?.({ ...alone, ioUring: VERDICT.DROP })).toBe(false)
})
