// When a recorder starts the next file.

import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RotatingSink, type Rotation } from '../../../src/cli/run/rotation.js'
import { batchNs } from '../../../src/model/time.js'
import { CaptureRun } from '../../../src/run/capture-run.js'
import type { CaptureSource } from '../../../src/source/source.js'
import { captureNow } from '../../../src/source/source.js'
import { scratchDir } from '../../helpers/live.js'
import { INFO, NOTHING } from '../../helpers/trace.js'

const dir = scratchDir('rotation')

async function sink(rotation: Omit<Rotation, 'keep'>, name = 'x.ksys'): Promise<RotatingSink> {
  const stats = () => ({ events: 0, lost: 0, late: 0 })
  const source = { info: INFO, stats, snapshot: async () => NOTHING } as unknown as CaptureSource
  const reportProblem = (message: string) => expect.fail(message)
  const run = new CaptureRun(source)
  await run.begin()
  return RotatingSink.open(join(dir, name), { mode: 0o600 }, { ...rotation, keep: {} }, run, {
    info: INFO,
    reportProblem,
  })
}

test('-G: a recorder that was stopped continues with one file, not with one for each interval that passed', async () => {
  // the capture began long ago
  const recorder = await sink({ seconds: 1 })
  const minute = 60e9
  await recorder.seam(batchNs(captureNow(INFO) - minute))
  for (let i = 0; i < 5; i++) await recorder.flush()
  await recorder.end()
  expect(readdirSync(dir).sort()).toEqual(['x-000001.ksys', 'x-000002.ksys'])
})

test('a file whose name is taken meanwhile gets a number, and the date of its own start', async () => {
  const recorder = await sink({ seconds: 1 }, 'dated-%s.ksys')
  const dated = () => readdirSync(dir).filter((name) => name.startsWith('dated-'))
  const name = dated()[0]!.slice(0, -'.part'.length)
  writeFileSync(join(dir, name), 'somebody’s')
  await recorder.seam(captureNow(INFO))
  await recorder.seam(batchNs(captureNow(INFO) + 7e9))
  await recorder.end()
  const whole = dated().sort()
  expect(whole.slice(0, 2).sort()).toEqual([name.replace('.', '-1.'), name])
  expect(whole).toHaveLength(3)
})
