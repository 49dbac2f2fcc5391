// The kernel's part of a filter must not change the result: the output of a filtered capture while processes rename
// themselves, exec, change users and pass descriptors is exactly what its filter finds in an unfiltered file.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { ksys, main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = privileged() ? scratchDir('side') : ''

const format =
  '*%thread.tid %proc.name %evt.type %evt.rawres %evt.failed %fd.num %fd.name %user.uid %proc.fdopencount %evt.args'
const filters = [
  'proc.name=ks-target',
  'proc.name in (ks-target, ks-other) and evt.failed=true',
  'proc.name!=ks-target and proc.name startswith ks-',
  'user.uid=65534 and proc.name startswith ks-',
  'evt.type in (read, write, pread, openat, open) and fd.name endswith ks-passed',
  'proc.name=ks-other or (evt.type=getppid and proc.name startswith ks-)',
  'proc.name startswith ks- and not (evt.type in (read, close) or proc.name=ks-target)',
]

/** Without names of containers: those that other programs start meanwhile may have none, which ksys reports. */
function start(args: string[]): { child: ChildProcess; out: () => string; err: () => string } {
  const child = spawn(process.execPath, [main, '--no-container-metadata', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout?.on('data', (d) => {
    out += d
  })
  child.stderr?.on('data', (d) => {
    err += d
  })
  return { child, out: () => out, err: () => err }
}

async function until(what: string, done: () => boolean): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (done()) return
    await sleep(50)
  }
  throw new Error(`waited in vain for ${what}`)
}

/** Lines by thread, in order; the order between threads may differ by the two captures' own clock reads. */
function byThread(text: string): Map<string, string[]> {
  const threads = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    if (line === '' || / ks-(mark|done) /.test(line)) continue
    const tid = line.slice(0, line.indexOf(' '))
    const lines = threads.get(tid) ?? []
    lines.push(line)
    threads.set(tid, lines)
  }
  return threads
}

describe.skipIf(!privileged())('a filtered and an unfiltered capture agree', () => {
  const load = join(dir, 'ks-load')
  beforeAll(() => {
    execFileSync('cc', ['-O1', '-pthread', '-o', load, join(root, 'test/live/programs/side_by_side.c')])
    for (const name of ['ks-target', 'ks-other']) symlinkSync(load, join(dir, name))
    for (const name of ['ks-mark', 'ks-done']) copyFileSync('/bin/true', join(dir, name))
    writeFileSync(join(dir, 'ks-file'), 'some text\n')
    mkdirSync(join(dir, 'ks-folder'))
    for (const d of [dir, join(dir, 'ks-folder')]) chmodSync(d, 0o777)
  })
  for (const [i, filter] of filters.entries())
    test(filter, { timeout: 240_000 }, async () => {
      const file = join(dir, `all${i}.ksys`)
      const all = start(['--buffer', '64m', '-w', file])
      const kept = join(dir, `part${i}.ksys`)
      const keeper = start(['--buffer', '64m', '-w', kept, filter])
      const part = start(['--buffer', '64m', '-p', format, `(${filter}) or proc.name in (ks-mark, ks-done)`])
      try {
        await until('the first mark', () => {
          execFileSync(join(dir, 'ks-mark'))
          return part.out().includes(' ks-mark ')
        })
        for (const f of [file, kept])
          await until('the file', () => statSync(f, { throwIfNoEntry: false })?.isFile() === true)
        await sleep(500)
        execFileSync(load, { cwd: dir })
        execFileSync(join(dir, 'ks-done'))
        await until('the last mark', () => part.out().includes(' ks-done '))
        await sleep(200)
      } finally {
        for (const c of [part, all, keeper]) {
          c.child.kill('SIGINT')
          if (c.child.exitCode === null) await once(c.child, 'exit')
        }
      }
      expect(part.err()).toBe('')
      expect(all.err()).toBe('')
      const found = ksys(['-r', file, '-p', format, filter])
      expect(found.code).toBe(0)
      const want = byThread(found.stdout)
      expect(want.size).toBeGreaterThan(0)
      expect(byThread(part.out())).toEqual(want)
      expect(byThread(ksys(['-r', kept, '-p', format]).stdout)).toEqual(want)
      expect(readFileSync(file).length).toBeGreaterThan(1000)
    })
})
