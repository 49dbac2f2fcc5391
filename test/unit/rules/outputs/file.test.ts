// Alerts in a file: private, appended, reopened after rotation, and complete lines whatever happens on the disk.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { OutputError } from '../../../../src/rules/outputs/spec.js'
import { AppendFile } from '../../../../src/source/append-file.js'
import { root } from '../../../helpers/ksys.js'
import { openOne } from './open-one.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-file-output-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const asRoot = process.geteuid?.() === 0
const text = (path: string) => readFileSync(path, 'utf8')

test('a new file is private, and an existing one is appended to', async () => {
  const path = join(dir, 'new')
  for (const line of ['first', 'second']) {
    const { output, offer } = await openOne({ kind: 'file', target: path })
    offer(line)
    await output.close(1000)
    expect(output.stats).toMatchObject({ sent: 1, failed: 0 })
  }
  expect(text(path)).toBe('first\nsecond\n')
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a renamed file is reopened by its name; no line is lost or repeated', async () => {
  const path = join(dir, 'rotated')
  const { output, offer, settled } = await openOne({ kind: 'file', target: path })
  offer('before')
  await settled(1)
  renameSync(path, `${path}.1`)
  offer('still in the old one')
  await settled(2)
  output.reopen()
  offer('after')
  await output.close(1000)
  expect(text(`${path}.1`)).toBe('before\nstill in the old one\n')
  expect(text(path)).toBe('after\n')
})

test('if it cannot be reopened, it continues with the open file', async () => {
  const folder = join(dir, 'gone')
  mkdirSync(folder)
  const { output, offer, problems: said } = await openOne({ kind: 'file', target: join(folder, 'alerts') })
  rmSync(folder, { recursive: true })
  output.reopen()
  offer('x')
  await output.close(1000)
  expect(said).toEqual(['file cannot be reopened and continues with the open file: there is no such file'])
  expect(output.stats).toMatchObject({ sent: 1, failed: 0 })
})

test('a link is followed to its file, also when it is reopened', async () => {
  const real = join(dir, 'real')
  symlinkSync(real, join(dir, 'link'))
  writeFileSync(real, '')
  const { output, offer, settled } = await openOne({ kind: 'file', target: join(dir, 'link') })
  renameSync(real, `${real}.1`)
  output.reopen()
  offer('x')
  await settled(1)
  await output.close(1000)
  expect(text(real)).toBe('x\n')
})

test('files that others may have placed in a folder like /tmp are not written to', async () => {
  const shared = join(dir, 'shared')
  mkdirSync(shared)
  chmodSync(shared, 0o1777)
  const victim = join(dir, 'victim')
  writeFileSync(victim, 'keep\n')
  symlinkSync(victim, join(shared, 'link'))
  linkSync(victim, join(shared, 'hard'))
  await expect(openOne({ kind: 'file', target: join(shared, 'link') })).rejects.toThrow(
    /symbolic link.*all users may write/,
  )
  await expect(openOne({ kind: 'file', target: join(shared, 'hard') })).rejects.toThrow(
    /another name too \(hard link\)/,
  )
  const { output, offer } = await openOne({ kind: 'file', target: join(shared, 'mine') })
  rmSync(join(shared, 'mine'))
  symlinkSync(victim, join(shared, 'mine'))
  output.reopen()
  offer('x')
  await output.close(1000)
  expect(text(victim)).toBe('keep\n')
})

test('a FIFO without a reader is refused without waiting', async () => {
  const fifo = join(dir, 'fifo')
  execFileSync('mkfifo', [fifo])
  await expect(openOne({ kind: 'file', target: fifo })).rejects.toThrow(OutputError)
})

test('alerts that a device does not accept are counted, with the reason', async () => {
  const { output, offer, settled } = await openOne({ kind: 'file', target: '/dev/full' })
  offer('a')
  offer('b')
  await settled(2)
  expect(output.takeLosses()).toEqual({ dropped: 0, failed: 2, reason: 'the disk is full' })
})

test.skipIf(!asRoot)(
  'on a full disk complete lines are retained, others counted; with free space it continues',
  async () => {
    const disk = join(dir, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', disk])
    try {
      const path = join(disk, 'alerts')
      const { output, offer, settled } = await openOne({ kind: 'file', target: path })
      const line = 'x'.repeat(999)
      for (let i = 0; i < 20; i++) offer(line)
      await settled(20)
      const { sent, failed } = output.stats
      expect(sent + failed).toBe(20)
      expect(failed).toBeGreaterThan(10)
      expect(output.takeLosses().reason).toBe('the disk is full')
      expect(
        text(path)
          .split('\n')
          .filter((l) => l === line),
      ).toHaveLength(sent)
      execFileSync('mount', ['-o', 'remount,size=1m', disk])
      offer('after')
      await output.close(1000)
      expect(text(path).split('\n').slice(-2)).toEqual(['after', ''])
    } finally {
      execFileSync('umount', [disk])
    }
  },
)

test.skipIf(!asRoot)('if it cannot be opened in the folder of another user, no process remains', async () => {
  const folder = join(dir, 'refusing')
  mkdirSync(folder)
  writeFileSync(join(folder, 'alerts'), '')
  chownSync(folder, 65534, 65534)
  const children = () =>
    readdirSync('/proc/self/task').flatMap((t) => text(`/proc/self/task/${t}/children`).split(' ').filter(Boolean))
  const before = children()
  await expect(AppendFile.open(join(folder, 'alerts'))).rejects.toThrow('it is a file of user root')
  expect(children()).toEqual(before)
})

const MODULES = pathToFileURL(`${root}.build/js/src/`).href
/** Opens a file in another user's folder, drops all privileges, and opens it again. */
const CONFINED = `
const { AppendFile } = await import('${MODULES}source/append-file.js')
const { confine } = await import('${MODULES}source/privilege.js')
const { renameSync, writeSync, chmodSync } = await import('node:fs')
const path = process.argv[1]
const file = await AppendFile.open(path)
writeSync(file.fd, 'before\\n')
renameSync(path, path + '.1')
confine({})
await file.reopen()
writeSync(file.fd, 'after\\n')
await file.close()
process.exit()`

test.skipIf(!asRoot)(
  'a file in the folder of another user is reopened as that user after privileges were dropped',
  () => {
    const folder = join(dir, 'theirs')
    mkdirSync(folder)
    chownSync(folder, 65534, 65534)
    chmodSync(dir, 0o755)
    const path = join(folder, 'alerts')
    execFileSync(process.execPath, ['--input-type=module', '-e', CONFINED, path], { timeout: 30_000 })
    expect([text(`${path}.1`), text(path)]).toEqual(['before\n', 'after\n'])
    for (const p of [path, `${path}.1`]) expect(statSync(p)).toMatchObject({ uid: 65534, gid: 65534 })
  },
)
