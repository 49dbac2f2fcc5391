// The captures that come with ksys are whole, and small.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTrace } from '../../../src/source/open.js'
import { root } from '../../helpers/ksys.js'
import { readAll } from '../../helpers/trace.js'

const names = readdirSync(`${root}captures`).filter((name) => name.endsWith('.ksys'))

test('there are three', () => expect(names.sort()).toEqual(['build.ksys', 'shell.ksys', 'web.ksys']))

test.each(names)('%s is read without damage, and nothing of the recording machine is in it', async (name) => {
  const path = `${root}captures/${name}`
  expect(statSync(path).size).toBeLessThan(300_000)
  const source = await openTrace(path)
  const rows = await readAll(source)
  expect(rows.length).toBeGreaterThan(1000)
  expect(source.damage).toEqual([])
  expect(source.info.hostname).toBe('demo')
  const { threads } = await source.snapshot()
  expect(threads.flatMap((t) => t.env)).toEqual([])
  await source.close()
})

test('one that stands behind another in a file is read to its end, whatever is asked', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-captures-'))
  const path = join(dir, 'both.ksys')
  const files = ['web', 'web'].map((name) => `${root}captures/${name}.ksys`)
  writeFileSync(path, Buffer.concat(files.map((f) => readFileSync(f))))
  const rows = async (file: string) => {
    const source = await openTrace(file, { plan: () => ({ blocks: () => true }) })
    const n = (await readAll(source)).length
    await source.close()
    return n
  }
  expect(await rows(path)).toBe(2 * (await rows(files[0] as string)))
  rmSync(dir, { recursive: true })
})
