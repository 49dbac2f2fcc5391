// The process that creates files in a folder: what it creates, which names it refuses, and that it exits when it is closed.
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { native } from '../../../src/source/native.js'
import { errorCode } from '../../../src/source/reason.js'
import { root } from '../../helpers/ksys.js'

const NATIVE = pathToFileURL(`${root}.build/js/src/source/native.js`).href
const dir = mkdtempSync(join(tmpdir(), 'ksys-folder-process-'))
const inside = join(dir, 'inside')
let fd: number
beforeAll(() => {
  mkdirSync(inside)
  writeFileSync(join(dir, 'outside'), 'kept')
  fd = openSync(inside, 'r')
})
afterAll(() => {
  closeSync(fd)
  rmSync(dir, { recursive: true, force: true })
})

const children = () =>
  readdirSync('/proc/self/task').flatMap((tid) => {
    try {
      return readFileSync(`/proc/self/task/${tid}/children`, 'utf8').split(' ').filter(Boolean)
    } catch {
      // the thread has exited
      return []
    }
  })

test('it creates, names and removes files below its folder, and exits when it is closed', async () => {
  // processes of other tests may end meanwhile
  const before = children()
  const folder = new (native().Folder)(fd, -1, -1)
  expect(folder.error).toBe(0)
  const own = children().filter((pid) => !before.includes(pid))
  expect(own).toHaveLength(1)
  const made = await folder.create(Buffer.from('a.part'), 0o640)
  writeSync(made, 'text')
  closeSync(made)
  expect(await folder.rename(Buffer.from('a.part'), Buffer.from('a'))).toBe(0)
  expect(readFileSync(join(inside, 'a'), 'utf8')).toBe('text')
  expect(await folder.makeFolder(Buffer.from('b'), 0o700)).toBe(0)
  closeSync(await folder.append(Buffer.from('b/c')))
  expect(readdirSync(inside).sort()).toEqual(['a', 'b'])
  expect(await folder.remove(Buffer.from('a'))).toBe(0)
  await folder.close()
  expect(children()).not.toContain(own[0])
  expect(errorCode(await folder.remove(Buffer.from('b/c')))).toBe('EBADF')
})

test('a name outside of its folder is refused, and so is a program other than the given one', async () => {
  const folder = new (native().Folder)(fd, -1, -1)
  for (const name of ['../outside', '..', '.', '', '/etc/passwd', 'b/../../outside', 'b/', 'b//c', './c'])
    for (const refused of [
      folder.remove(Buffer.from(name)),
      folder.create(Buffer.from(name), 0o600),
      folder.rename(Buffer.from('b'), Buffer.from(name)),
    ])
      expect([name, errorCode(await refused)]).toEqual([name, 'EINVAL'])
  expect(errorCode(await folder.start('/bin/true'))).toBe('EPERM')
  expect(errorCode(await folder.signal(process.pid, 0))).toBe('ESRCH')
  expect(readFileSync(join(dir, 'outside'), 'utf8')).toBe('kept')
  await folder.close()
})

/** The memory of a thread with this much of its own is not memory of the process that creates files. */
const IN_A_THREAD = `
const { openSync } = require('node:fs')
const { parentPort, workerData } = require('node:worker_threads')
const kept = Array.from({ length: 4000 }, () => new ArrayBuffer(1000))
import(workerData.module).then(async ({ native }) => {
  const folder = new (native().Folder)(openSync(workerData.dir, 'r'), -1, -1)
  parentPort.postMessage([folder.error, kept.length])
  await folder.close()
})`

test('it starts even if a thread with memory of its own has loaded the addon', async () => {
  const program = `
const { Worker } = require('node:worker_threads')
new Worker(${JSON.stringify(IN_A_THREAD)}, { eval: true, workerData: ${JSON.stringify({ dir: inside, module: NATIVE })} })
  .on('message', ([error]) => console.log(error))`
  expect(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })).toBe('0\n')
})
