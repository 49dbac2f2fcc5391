// Which files of a rotation are removed, and how often the program of --on-close is run.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fileHeader } from '../../../src/trace/format.js'
import { OutputFolder } from '../../../src/trace/rotation/folder.js'
import { FileNames } from '../../../src/trace/rotation/names.js'
import { OnClose } from '../../../src/trace/rotation/on-close.js'
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

test('the program of --on-close is run again for a file for which it failed, and the file remains until then', async () => {
  const script = join(dir, 'ship')
  writeFileSync(script, `#!/bin/sh\necho run >> ${dir}/runs; [ -e ${dir}/reachable ]\n`, { mode: 0o755 })
  writeFileSync(join(dir, 'y-000001.ksys'), fileHeader())
  const names = FileNames.forPath(join(dir, 'y.ksys'), false)
  const folder = await OutputFolder.open(dir, { uid: undefined, gid: undefined, mode: 0o600 }, [script])
  const messages: string[] = []
  const complain = (sentence: string) => messages.push(sentence)
  const onClose = new OnClose(folder, [script], complain)
  const ring = new RetainedFiles(folder, names, { files: 0 }, complain, (name) => onClose.awaits(name))
  const runs = () => readFileSync(join(dir, 'runs'), 'utf8').split('\n').length - 1
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  onClose.take('y-000001.ksys', join(dir, 'y-000001.ksys'))
  await ring.load()
  await vi.waitFor(() => expect(messages).toEqual([expect.stringContaining('ended with exit code 1')]))
  await ring.trim(undefined)
  expect(readdirSync(dir)).toContain('y-000001.ksys')
  writeFileSync(join(dir, 'reachable'), '')
  await vi.advanceTimersByTimeAsync(10_000)
  await vi.waitFor(() => expect(messages[1]).toContain('has succeeded, after 1 failure'))
  expect(runs()).toBe(2)
  await ring.trim(undefined)
  expect(readdirSync(dir)).not.toContain('y-000001.ksys')
  await onClose.done()
  await folder.close()
})

test('without space on the disk, a file is removed although the program of --on-close has not succeeded for it', async () => {
  writeFileSync(join(dir, 'z-000001.ksys'), fileHeader())
  const names = FileNames.forPath(join(dir, 'z.ksys'), false)
  const folder = await OutputFolder.open(dir, { uid: undefined, gid: undefined, mode: 0o600 })
  const messages: string[] = []
  const awaited = () => true
  // no disk has this much
  const ring = new RetainedFiles(folder, names, { free: { part: 2 } }, (m) => messages.push(m), awaited)
  await ring.load()
  await ring.trim(undefined)
  expect(readdirSync(dir)).not.toContain('z-000001.ksys')
  expect(messages).toEqual([expect.stringMatching(/^z-000001.ksys is removed although .* only .* are free$/)])
  await folder.close()
})
