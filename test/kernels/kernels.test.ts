// ksys on other kernels: each in a guest, which runs the steps of steps.ts. Every test run takes three kernels and the short
// steps; KSYS_KERNELS=all (`npm run kernels`) takes all kernels, objects of both compilers and all steps, and writes the
// table of docs/kernels.md; KSYS_KERNELS='6.12 arm64' takes those whose titles have these words, and writes their rows.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type {} from './early.js'
import { ALL, EACH, RUNS, type Run, resultOf, SECONDS, title } from './guests.js'
import { lacking } from './lacking.js'
import { left } from './step.js'
import { STEPS } from './steps.js'
import { Report } from './table.js'

const dir = inject('guests')

const report = new Report(
  'kernels',
  EACH.map(title),
  ['Linux', 'processor', 'compiler'],
  STEPS.map((s) => s.name),
)
const cells = (r: Run, release: string) => [
  release,
  r.pin.arch === 'amd64' ? 'x86-64' : r.pin.arch,
  r.compiler?.replace('-', ' ') ?? 'as packed',
]

beforeAll(() => {
  for (const run of RUNS)
    if (EACH.includes(run)) report.begin(title(run), cells(run, run.pin.series), lacking(run.pin.arch))
})
afterAll(() => {
  if (ALL) report.write()
})

for (const run of RUNS) {
  const reason = lacking(run.pin.arch)
  describe.skipIf(reason !== undefined)(title(run) + (reason === undefined ? '' : ` is left out: ${reason}`), () => {
    for (const step of run.steps)
      test(step.name, { timeout: ((run.machine?.seconds ?? SECONDS) + 300) * RUNS.length * 1000 }, async () => {
        const { guest, folder, note } = await resultOf(dir, run)
        if (note) console.warn(note)
        if (EACH.includes(run)) report.begin(title(run), cells(run, guest.release))
        step.check(left(folder, step.of ?? step.name), guest)
        if (EACH.includes(run)) report.pass(title(run), step.name)
      })
  })
}

test.runIf(process.env.CI === 'true')('the requirements of guests are installed', () => {
  expect(RUNS.flatMap((r) => lacking(r.pin.arch) ?? [])).toEqual([])
})
