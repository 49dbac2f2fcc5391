// The captures that come with ksys are whole, and small.
import { readdirSync, statSync } from 'node:fs'
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
