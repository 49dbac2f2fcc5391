// Writing under adverse conditions: full disks, killed writers, pipes, world-writable folders.
import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openTrace } from '../../../src/run/file-kinds.js'
import { TraceError, TraceSource, TraceWriter } from '../../../src/trace/index.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING, plain, readAll, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const STATS = { events: 0, lost: 0, late: 0 }

async function error(promise: Promise<unknown>): Promise<TraceError> {
  const e = await promise.catch((thrown: unknown) => thrown)
  expect(e).toBeInstanceOf(TraceError)
  return e as TraceError
}

test('a path that cannot be written is refused with the reason', async () => {
  const e = await error(TraceWriter.open(at('no/such/folder.ksys'), { info: INFO, existing: NOTHING }))
  expect(e.code).toBe('EWRITE')
  expect(e.message).toMatch(/folder.ksys cannot be written: there is no such folder/)
  expect((await error(TraceWriter.open(dirname(at('x')), { info: INFO, existing: NOTHING }))).message).toMatch(
    /directory/,
  )
})

test('a full disk ends the trace with an error that names the path', async () => {
  const e = await error(
    (async () => {
      const writer = await TraceWriter.open('/dev/full', { info: INFO, existing: NOTHING })
      await writer.close(STATS)
    })(),
  )
  expect(e.message).toBe('/dev/full cannot be written any further: the disk is full')
})

test('an existing file is replaced and becomes private', async () => {
  const path = at('old.ksys')
  writeFileSync(path, 'x'.repeat(100_000), { mode: 0o644 })
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  await writer.close(STATS)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const source = await TraceSource.open(path)
  expect(await readAll(source)).toEqual([])
  expect(source.damage).toEqual([])
  await source.close()
})

test('in a world-writable folder, a symbolic link is not followed', async () => {
  const dir = at('shared')
  mkdirSync(dir)
  chmodSync(dir, 0o1777)
  writeFileSync(at('victim'), 'precious')
  symlinkSync(at('victim'), join(dir, 'trap.ksys'))
  expect((await error(TraceWriter.open(join(dir, 'trap.ksys'), { info: INFO, existing: NOTHING }))).message).toMatch(
    /symbolic link/,
  )
  expect(readFileSync(at('victim'), 'utf8')).toBe('precious')
})

test('a trace is read from a pipe', async () => {
  const path = at('piped.ksys')
  const batch = makeBatch(someRows(5000))
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  await writer.write(batch)
  await writer.close(STATS)
  const fifo = at('fifo')
  execFileSync('mkfifo', [fifo])
  const cat = execFile('sh', ['-c', 'cat "$1" > "$2"', 'sh', path, fifo])
  const source = await openTrace(fifo)
  expect(source.progress()).toBeUndefined()
  expect(await readAll(source)).toEqual(plain(batch))
  expect(source.damage).toEqual([])
  await source.close()
  cat.kill()
})

test('a writer that is killed leaves everything but the last second', async () => {
  const path = at('killed.ksys')
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  await writer.write(makeBatch(someRows(100)))
  await new Promise((resolve) => setTimeout(resolve, 1100))
  // the current contents of the disk, with the writer still alive: what a kill would leave
  const source = await TraceSource.open(path)
  expect((await readAll(source)).length).toBe(100)
  expect(source.damage.map((d) => d.what)).toEqual([
    expect.stringMatching(/no end: it was cut, or its writer was killed/),
  ])
  await source.close()
  await writer.close(STATS)
})
