// -w with -C, -G or -e: files that are complete by themselves, no event lost or duplicated between two, and which files are removed.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statfsSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ksys, main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = scratchDir('rotation')
const SHELL = join(root, 'captures/shell.ksys')
const FIELDS = '%evt.num %evt.rawtime %proc.name %proc.cmdline %proc.cwd %fd.name %evt.type %evt.args'
const NOBODY = 65534

/** A new folder, and the sorted names in it. */
function folder(name: string): { path: string; names: () => string[] } {
  const path = join(dir, name)
  mkdirSync(path)
  return { path, names: () => readdirSync(path).sort() }
}

const lines = (path: string) => ksys(['-r', path, '-p', FIELDS]).stdout.split('\n').slice(0, -1)

describe('a capture split into files', () => {
  test('-e: each file is complete by itself, and together they are the whole', () => {
    const { path, names } = folder('events')
    expect(ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '300'])).toEqual({ code: 0, stdout: '', stderr: '' })
    const whole = lines(SHELL)
    const parts = names().map((n) => lines(join(path, n)))
    expect(parts.flat()).toEqual(whole)
    expect(parts.slice(0, -1).every((p) => p.length <= 300)).toBe(true)
    expect(names()).toEqual(parts.map((_, i) => `x-00000${i + 1}.ksys`))
    const info = JSON.parse(ksys(['info', '-j', join(path, 'x-000002.ksys')]).stdout)
    expect(info).toMatchObject({ events: 300, damage: [], checked: 'checksums' })
  })

  test('a folder or a pattern is read as one: events, filters, summaries, info, and a file written from them', () => {
    const { path, names } = folder('read')
    ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '200'])
    expect(names().length).toBeGreaterThan(9)
    const whole = (...args: string[]) => ksys(['-r', SHELL, ...args]).stdout
    const ring = (...args: string[]) => ksys(['-r', path, ...args])
    expect(ring('-p', FIELDS)).toEqual(ksys(['-r', SHELL, '-p', FIELDS]))
    const question = ['-p', FIELDS, 'proc.name=cat and evt.num > 700']
    expect(ksys(['-r', join(path, 'x-*.ksys'), ...question]).stdout).toBe(whole(...question))
    for (const filter of ['fd.name contains etc', 'evt.type=openat and evt.failed=true', 'proc.pname=bash'])
      expect(ring('-p', FIELDS, filter).stdout).toBe(whole('-p', FIELDS, filter))
    expect(ring('-q', '-S').stdout).toBe(whole('-q', '-S'))
    expect(ring('-c', 'topprocs_file').stdout).toBe(whole('-c', 'topprocs_file'))
    const contents = (file: string) => {
      const { events, categories, threads, processes, start, end } = JSON.parse(
        ksys(['info', '--deep', '-j', file]).stdout,
      )
      return { events, categories, threads, processes, start, end }
    }
    expect(contents(path)).toEqual(contents(SHELL))
    expect(ring('-w', join(dir, 'back.ksys')).code).toBe(0)
    expect(lines(join(dir, 'back.ksys'))).toEqual(lines(SHELL))
  })

  test('if -e is reached by the last event there is no empty file', () => {
    const { path, names } = folder('exact')
    ksys(['-r', SHELL, '-n', '600', '-w', join(path, 'x.ksys'), '-e', '300'])
    expect(names()).toEqual(['x-000001.ksys', 'x-000002.ksys'])
  })

  test('a restart continues the numbers; -W retains the latest files, and removes only those that ksys wrote', () => {
    const { path, names } = folder('ring')
    const run = () => ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '1000', '-W', '2'])
    writeFileSync(join(path, 'x-000001.ksys'), 'a letter')
    writeFileSync(join(path, 'y-000001.ksys'), readFileSync(SHELL))
    symlinkSync(SHELL, join(path, 'x-000002.ksys'))
    expect(run().code).toBe(0)
    const first = names()
    expect(first.slice(0, 2)).toEqual(['x-000001.ksys', 'x-000002.ksys'])
    expect(first).toHaveLength(5)
    expect(run().code).toBe(0)
    expect(names()).toHaveLength(5)
    expect(names()[2]! > first[2]!).toBe(true)
    expect(readFileSync(join(path, 'x-000001.ksys'), 'utf8')).toBe('a letter')
    expect(existsSync(SHELL)).toBe(true)
  })

  test('--keep by size and --min-free remove the oldest; a disk without space ends the capture', () => {
    const { path, names } = folder('kept')
    ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '300', '--keep', '40K'])
    const bytes = names().reduce((sum, n) => sum + statSync(join(path, n)).size, 0)
    expect(bytes).toBeLessThanOrEqual(40_000)
    expect(names().length).toBeGreaterThan(1)
    const { code, stderr } = ksys([
      '-r',
      SHELL,
      '-w',
      join(folder('full').path, 'x.ksys'),
      '-e',
      '9',
      '--min-free',
      '99.99%',
    ])
    expect([code, stderr]).toEqual([6, expect.stringMatching(/nothing more is written.*less than --min-free requires/)])
  })

  test('--keep by age removes old files of earlier runs, and no others', () => {
    const { path, names } = folder('aged')
    const run = (...args: string[]) => ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '1000', ...args])
    run()
    const left = names()
    expect(left.length).toBeGreaterThan(2)
    const hoursAgo = (hours: number) => Date.now() / 1000 - hours * 3600
    for (const [i, name] of left.entries()) utimesSync(join(path, name), hoursAgo(3 - i), hoursAgo(3 - i))
    expect(run('--keep', '90m')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(names().slice(0, left.length - 2)).toEqual(left.slice(2))
    expect(names().length).toBeGreaterThan(left.length - 2)
  })

  test.skipIf(process.getuid?.() !== 0)('--min-free removes the oldest, and the capture continues to its end', () => {
    const { path, names } = folder('free')
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120k', 'tmpfs', path])
    try {
      const args = ['-w', join(path, 'x.ksys'), '-e', '300', '--min-free', '40K']
      expect(ksys(['-r', SHELL, ...args])).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(names()[0]).not.toBe('x-000001.ksys')
      expect(names().length).toBeGreaterThan(1)
      expect(lines(SHELL).slice(-300)).toEqual(lines(path).slice(-300))
      const { bavail, bsize } = statfsSync(path)
      expect(bavail * bsize).toBeGreaterThanOrEqual(40_000)
    } finally {
      execFileSync('umount', [path])
    }
  })

  test('--on-close runs for each completed file, without a shell; its failure is reported', () => {
    const { path, names } = folder('closed')
    const script = join(path, 'ship')
    writeFileSync(script, '#!/bin/sh\necho "$1 $2" >> "$(dirname "$2")/shipped"\nexit 3\n', { mode: 0o755 })
    const { code, stderr } = ksys([
      '-r',
      SHELL,
      '-w',
      join(path, 'x.ksys'),
      '-e',
      '1000',
      '--on-close',
      `${script} $HOME;ls`,
    ])
    const files = names().filter((n) => n.startsWith('x-'))
    expect(readFileSync(join(path, 'shipped'), 'utf8')).toBe(files.map((f) => `$HOME;ls ${join(path, f)}\n`).join(''))
    expect([code, stderr.match(/ended with exit code 3/g)?.length]).toEqual([0, files.length])
  })

  test('a wait at the end is reported, with the way to end it', async () => {
    const { path } = folder('waits')
    const script = join(path, 'slow')
    writeFileSync(script, '#!/bin/sh\necho $$ >> "$(dirname "$1")/pid"\nexec sleep 100\n', { mode: 0o755 })
    const args = ['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '1500', '--on-close', script]
    const reader = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    const ended = new Promise((resolve) => reader.on('exit', (_code, signal) => resolve(signal)))
    onTestFinished(() => void process.kill(Number(readFileSync(join(path, 'pid'), 'utf8')), 'SIGKILL'))
    let said = ''
    reader.stderr.on('data', (d) => {
      said += d
    })
    while (said === '') await sleep(20)
    expect(said).toMatch(
      /^ksys: waiting for .*slow .*x-000001.ksys to end, and then for 1 more file; a second Ctrl-C .*\n$/,
    )
    reader.kill('SIGINT')
    // two that come before a busy machine lets it run are one
    const again = setInterval(() => reader.kill('SIGINT'), 100)
    expect(await ended.finally(() => clearInterval(again))).toBe('SIGINT')
  })

  test.skipIf(process.getuid?.() !== 0)(
    "files of root in a user's folder are owned by the user, who also runs the commands",
    () => {
      const { path, names } = folder('users')
      chmodSync(dir, 0o755)
      // a group other than the user's
      chownSync(path, NOBODY, 0)
      chmodSync(path, 0o700)
      const script = join(dir, 'who')
      writeFileSync(script, `#!/bin/sh\n{ id -u; id -G; grep CapBnd /proc/self/status; } > ${path}/who\n`, {
        mode: 0o755,
      })
      const args = ['-w', join(path, 'x.ksys'), '-e', '1000', '--mode', '640', '--on-close', script]
      expect(ksys(['-r', SHELL, ...args], { own: true })).toEqual({ code: 0, stdout: '', stderr: '' })
      const stats = names().map((n) => statSync(join(path, n)))
      expect(new Set(stats.map((s) => s.uid))).toEqual(new Set([NOBODY]))
      expect(stats[1]!.mode & 0o777).toBe(0o640)
      expect(readFileSync(join(path, 'who'), 'utf8')).toBe(`${NOBODY}\n${NOBODY}\nCapBnd:\t0000000000000000\n`)
    },
  )

  test('a file that was removed meanwhile is not passed to the command', () => {
    const { path } = folder('late')
    const script = join(path, 'remove')
    // the first file's command ends when it has removed the third file
    const lines = [
      '#!/bin/sh',
      'cd "$(dirname "$1")" || exit',
      'tries=0',
      'until rm x-000003.ksys 2>/dev/null || [ -e removed ]; do',
      '  [ $((tries += 1)) -le 300 ] || exit',
      '  sleep 0.1',
      'done',
      'touch removed',
    ]
    writeFileSync(script, `${lines.join('\n')}\n`, { mode: 0o755 })
    const args = ['-w', join(path, 'x.ksys'), '-e', '200', '--on-close', script]
    const { code, stderr } = ksys(['-r', SHELL, ...args])
    expect(code).toBe(0)
    expect(stderr).toMatch(/remove .*x-000003.ksys was not run: the file was removed first/)
  })

  test('files for which the command of --on-close has not succeeded are not removed by -W and --keep', () => {
    const { path, names } = folder('unshipped')
    const script = join(path, 'ship')
    // fails for the second and the fourth file
    writeFileSync(script, '#!/bin/sh\ncase $1 in *[24].ksys) exit 1 ;; esac\n', { mode: 0o755 })
    const args = ['-w', join(path, 'x.ksys'), '-e', '300', '-W', '1', '--keep', '1K', '--on-close', script]
    const { code, stderr } = ksys(['-r', SHELL, ...args])
    expect(code).toBe(0)
    const kept = names().filter((n) => n.startsWith('x-'))
    expect(kept.length).toBeGreaterThan(1)
    expect(kept.every((n) => /[24]\.ksys$/.test(n))).toBe(true)
    expect(stderr).toContain(`${script} has not succeeded for ${kept.length} files, the first one is x-000002.ksys\n`)
  })

  test.skipIf(process.getuid?.() !== 0)(
    'in a folder like /tmp files of others are not removed, whatever they look like',
    () => {
      const { path, names } = folder('shared')
      chmodSync(path, 0o1777)
      const theirs = join(path, 'x-000001.ksys')
      writeFileSync(theirs, readFileSync(SHELL))
      chownSync(theirs, NOBODY, NOBODY)
      expect(ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '500', '-W', '1']).code).toBe(0)
      expect(names()).toEqual(['x-000001.ksys', expect.stringMatching(/^x-0000/)])
    },
  )

  test('another recorder with the same names is refused, also while it is writing a file', async () => {
    const { path, names } = folder('two')
    const reader = spawn(process.execPath, [main, '-r', '-', '-w', join(path, 'x.ksys'), '-e', '100000'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    reader.stdin.write(readFileSync(SHELL).subarray(0, 40_000))
    while (names().length === 0) await sleep(20)
    const { code, stderr } = ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '5'])
    expect([code, stderr]).toEqual([
      6,
      expect.stringMatching(/another ksys is writing .*x-000001.ksys.part.*: stop it/),
    ])
    reader.kill('SIGKILL')
    await new Promise((resolve) => reader.on('close', resolve))
    // the file that it was writing can be read, and is not overwritten
    expect(ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '1000']).code).toBe(0)
    expect(names()[0]).toBe('x-000001.ksys.part')
    expect(names()[1]).toBe('x-000002.ksys')
  })

  test.skipIf(process.getuid?.() !== 0)(
    'if the disk becomes full, the existing part is complete, and can be read',
    () => {
      const { path, names } = folder('small')
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120k', 'tmpfs', path])
      try {
        const { code, stderr } = ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '300'])
        expect([code, stderr]).toEqual([6, expect.stringMatching(/^ksys: .*x-0.*: the disk is full.*\n$/)])
        const whole = names().filter((n) => n.endsWith('.ksys'))
        expect(whole.length).toBeGreaterThan(2)
        const numbers = (file: string) => ksys(['-r', file, '-p', '%evt.num']).stdout
        expect(ksys(['-r', path, '-q']).code).toBe(0)
        expect(numbers(SHELL).startsWith(numbers(path))).toBe(true)
      } finally {
        execFileSync('umount', [path])
      }
    },
  )

  test('a file that is being read is not removed', () => {
    const { path } = folder('same')
    writeFileSync(join(path, 'x-000001.ksys'), readFileSync(SHELL))
    const { code, stderr } = ksys(['-r', join(path, 'x-000001.ksys'), '-w', join(path, 'x.ksys'), '-e', '5', '-W', '1'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/is named like the files that -w/)])
    const all = ksys(['-r', path, '-w', join(path, 'x.ksys'), '-e', '5', '-W', '1'])
    expect([all.code, all.stderr]).toEqual([2, expect.stringMatching(/is named like the files that -w/)])
    const into = ksys(['-r', path, '-w', join(path, 'x-000001.ksys')])
    expect([into.code, into.stderr]).toEqual([2, expect.stringMatching(/would overwrite the file that is read/)])
  })

  test('omitted data are in none of the files, nor in the state at their starts, and in no reading of them', () => {
    const { path, names } = folder('redacted')
    ksys(['-r', SHELL, '-w', join(path, 'x.ksys'), '-e', '500', '--no-args'])
    const args = ['-p', '%evt.num %proc.cmdline']
    const whole = ksys(['-r', SHELL, '--no-args', ...args]).stdout
    expect(whole).not.toBe(ksys(['-r', SHELL, ...args]).stdout)
    expect(ksys(['-r', path, ...args]).stdout).toBe(whole)
    expect(
      names()
        .flatMap((n) => ksys(['-r', join(path, n), ...args]).stdout)
        .join(''),
    ).toBe(whole)
    const plain = folder('plain')
    ksys(['-r', SHELL, '-w', join(plain.path, 'x.ksys'), '-e', '500'])
    expect(ksys(['-r', plain.path, '--no-args', ...args]).stdout).toBe(whole)
    const one = join(dir, 'redacted.ksys')
    expect(ksys(['redact', plain.path, '-w', one, '--no-args']).code).toBe(0)
    expect(ksys(['-r', one, ...args]).stdout).toBe(whole)
  })

  test('files for other tools cannot be split', () => {
    const { code, stderr } = ksys(['-r', SHELL, '-w', join(dir, 'x.scap'), '-e', '5'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/-C, -G and -e only write .ksys traces: write .*x\.ksys/)])
    expect(ksys(['-r', SHELL, '-w', join(dir, 'x.scap'), '--mode', '640']).code).toBe(0)
    expect(statSync(join(dir, 'x.scap')).mode & 0o777).toBe(0o640)
  })

  test('--owner and similar options are refused for output that is not a file', () => {
    const fifo = join(dir, 'fifo')
    execFileSync('mkfifo', [fifo])
    const run = (...args: string[]) => {
      const { code, stderr } = ksys(['-r', SHELL, '-n', '1', '-w', ...args])
      return [code, stderr]
    }
    for (const [to, is] of [
      ['-', '-w - is standard output'],
      [fifo, 'fifo is a FIFO'],
      ['/dev/null', '/dev/null is a device'],
    ] as const)
      for (const option of ['--mode=600', '--owner=0', '--group=0'])
        expect(run(to, option)).toEqual([2, expect.stringMatching(new RegExp(`require a file, but .*${is}`))])
    expect(run('/dev/null')).toEqual([0, ''])
  })

  test('missing folders and missing permissions are reported', () => {
    const run = (path: string) => ksys(['-r', SHELL, '-w', path, '-e', '5'])
    expect(run(join(dir, 'none/x.ksys'))).toMatchObject({ code: 6, stderr: expect.stringMatching(/no such folder\n$/) })
    expect(run(join(dir, '%Y/x.ksys')).stderr).toMatch(/% is replaced by a date only in the name of a file/)
    expect(run('/proc/x.ksys').code).toBe(6)
    const loop = join(dir, 'loop')
    symlinkSync(loop, loop)
    const inside = run(join(loop, 'x.ksys'))
    expect(inside).toMatchObject({ code: 6, stderr: expect.stringMatching(/too many symbolic links/) })
    expect(run(loop).code).toBe(0)
    for (const path of [loop, join(loop, 'x*.ksys')])
      expect(ksys(['-r', path])).toMatchObject({ code: 4, stderr: expect.stringMatching(/too many symbolic links/) })
  })
})

describe.skipIf(!privileged())('a capture', () => {
  test('-G, -C and -e at once: every call is in one of the files, and SIGHUP starts another', async () => {
    const { path, names } = folder('live')
    // without messages about containers that others start on the machine meanwhile
    const limits = ['-G', '1', '-C', '300K', '-e', '30000', '-W', '1000']
    const t = spawn(process.execPath, [main, '-q', '-w', join(path, 'x.ksys'), ...limits, 'proc.name=dd'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    })
    onTestFinished(() => void t.kill('SIGKILL'))
    let said = ''
    t.stderr.on('data', (d) => {
      said += d
    })
    while (!names().some((n) => n.endsWith('.part'))) await sleep(20)
    await sleep(500)
    const COUNT = 100_000
    const { pid } = spawnSync('dd', ['if=/dev/zero', 'of=/dev/null', 'bs=1', `count=${COUNT}`], { stdio: 'ignore' })
    await sleep(500)
    const before = names().length
    t.kill('SIGHUP')
    while (names().length <= before) await sleep(20)
    t.kill('SIGTERM')
    await new Promise((resolve) => t.on('close', resolve))
    expect(said).toBe('')
    expect(names().filter((n) => n.endsWith('.part'))).toEqual([])
    const read = ksys(['-r', path, '-p', '%evt.num', `proc.pid=${pid} and evt.type=read and fd.name=/dev/zero`])
    const numbers = read.stdout.trimEnd().split('\n')
    expect([read.code, numbers.length, new Set(numbers).size]).toEqual([0, COUNT, COUNT])
  }, 120_000)
})
