// Which files of a rotation are removed.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileHeader } from '../../../src/trace/format.js'
import { OutputFolder } from '../../../src/trace/rotation/folder.js'
import { FileNames } from '../../../src/trace/rotation/names.js'
import { RetainedFiles } from '../../../src/trace/rotation/retention.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('ring')

test('--min-free: concurrent calls remove each file once, and all of them', async () => {
  for (let i = 1; i < 7; i++) writeFileSync(join(dir, `x-00000${i}.ksys`), fileHeader())
  const names = FileNames.forPath(join(dir, 'x.ksys'), false)
  const folder = await OutputFolder.open(dir, { uid: undefined, gid: undefined, mode: 0o600 })
  // no disk has this much
  const ring = new RetainedFiles(folder, names, { free: { part: 2 } }, (sentence) => expect.fail(sentence))
  await ring.load()
  const all = await Promise.allSettled([ring.trim(0), ring.trim(0), ring.trim(undefined)])
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  expect(readdirSync(dir)).toEqual([])
  await folder.close()
})
