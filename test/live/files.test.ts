// Files in folders that others may write to, and FIFOs without an other end: what ksys opens, what it refuses, how it is interrupted.
import { execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { refusal } from '../../src/container/socket-access.js'
import { ksys, main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = scratchDir('files')
const capture = `${root}captures/web.ksys`
const NOBODY = 65534
/** the maximum time in ms to wait for the end after Ctrl-C */
const SOON = 1500

/** A new folder in the scratch folder. */
function folder(name: string, mode = 0o755): string {
  const path = join(dir, name)
  mkdirSync(path)
  chmodSync(path, mode)
  return path
}

function fifo(path: string, owner?: number): string {
  execFileSync('mkfifo', ['-m', '666', path])
  if (owner !== undefined) lchownSync(path, owner, owner)
  return path
}

/** Copies a part of the capture to a path; returns the result. */
const copyTo = (path: string) => ksys(['-r', capture, '-n', '5', '-w', path])
const read = (path: string) => ksys(['-r', path, '-n', '1', '-p', '%evt.num'])

/** Starts ksys, sends a signal once it reports that it waits, and returns the result, and whether it ended within SOON. */
async function endedBySignal(args: string[], signal: NodeJS.Signals, says: RegExp, options: SpawnOptions = {}) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'], ...options })
  const ended = new Promise<number | null>((done) => child.on('exit', (code) => done(code)))
  let messages = ''
  await new Promise<void>((done) => {
    child.stderr?.on('data', (part) => {
      messages += part
      if (says.test(messages)) done()
    })
    child.on('exit', () => done())
  })
  child.kill(signal)
  const soon = await Promise.race([ended, sleep(SOON).then(() => 'late')])
  child.kill('SIGKILL')
  return { code: soon, told: messages }
}

describe('FIFOs', () => {
  const quiet = fifo(join(dir, 'quiet'))

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends the wait for the other end', async (signal) => {
    const code = 128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal]
    expect(await endedBySignal(['-r', quiet], signal, /waiting for a writer of/)).toMatchObject({ code })
    const write = ['-r', capture, '-w', quiet]
    expect(await endedBySignal(write, signal, /waiting for a reader of/)).toMatchObject({ code })
  })

  test.skipIf(!privileged())(
    'a command whose trace has no reader is not left behind, and has not started',
    async () => {
      const mark = join(dir, 'begun')
      const args = ['-w', quiet, '--', 'touch', mark]
      expect((await endedBySignal(args, 'SIGTERM', /waiting for/)).code).toBe(143)
      expect(existsSync(mark)).toBe(false)
      expect(spawnSync('pgrep', ['-f', `touch ${mark}`], { encoding: 'utf8' }).stdout).toBe('')
    },
  )

  test('data written to one is read from one, and a writer without data is an empty file', () => {
    const pipe = fifo(join(dir, 'pipe'))
    const sh = (line: string) => spawnSync('sh', ['-c', line], { encoding: 'utf8', timeout: 100_000 })
    const ksysLine = `'${process.execPath}' '${main}'`
    const both = sh(`${ksysLine} -r '${capture}' -n 5 -w '${pipe}' & ${ksysLine} -r '${pipe}' -p %evt.num; wait`)
    expect(both.stdout.trim().split('\n')).toHaveLength(5)
    const late = sh(`(sleep 2; cat '${capture}' >'${pipe}') & ${ksysLine} -r '${pipe}' -n 1 -p %evt.num`)
    expect(late).toMatchObject({ stdout: '1\n', status: 0 })
    const empty = sh(`: >'${pipe}' & ${ksysLine} -r '${pipe}'`)
    expect(empty).toMatchObject({ status: 4, stderr: expect.stringMatching(/is empty/) })
  })

  test('a blocked reader does not delay the end', async () => {
    const stuck = fifo(join(dir, 'stuck'))
    const holder = spawn('sh', ['-c', `exec 3<>'${stuck}'; head -c 65536 /dev/zero >&3; echo full; exec sleep 1000`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await new Promise((done) => holder.stdout?.once('data', done))
    const child = spawn(process.execPath, [main, '-r', capture, '-w', stuck], { stdio: 'ignore' })
    const ended = new Promise((done) => child.on('exit', (code, signal) => done(code ?? signal)))
    try {
      await sleep(1500)
      child.kill('SIGTERM')
      expect(await Promise.race([ended, sleep(60_000, 'late', { ref: false })])).toBeOneOf(['SIGTERM', 143])
    } finally {
      child.kill('SIGKILL')
      holder.kill('SIGKILL')
    }
  })
})

test('devices, and standard streams by their names, can be written and read', () => {
  expect(copyTo('/dev/null').code).toBe(0)
  expect(copyTo('/dev/full')).toMatchObject({ code: 6, stderr: expect.stringMatching(/disk is full/) })
  const line = `'${process.execPath}' '${main}'`
  const through = (to: string, from: string) =>
    spawnSync('sh', ['-c', `${line} -r '${capture}' -n 5 -w ${to} | ${line} -r ${from} -p %evt.num`], {
      encoding: 'utf8',
    }).stdout
  for (const [to, from] of [
    ['-', '-'],
    ['/dev/stdout', '/dev/stdin'],
    ['/proc/self/fd/1', '/dev/fd/0'],
  ] as const)
    expect(through(to, from).trim().split('\n')).toHaveLength(5)
})

test('a sentence says why a path cannot be a trace', () => {
  const plain = folder('plain')
  symlinkSync('circle', join(plain, 'circle'))
  const cases = [
    [plain, /it is a directory/, /there is no ksys trace in it/],
    [join(plain, 'circle'), /too many symbolic links/],
    [join(plain, 'no', 'x'), /there is no such/],
    [join(capture, 'x'), /component of the path is not a directory/],
  ] as const
  for (const [path, why, whyUnread = why] of cases) {
    expect(copyTo(path)).toMatchObject({ code: 6, stderr: expect.stringMatching(why) })
    expect(read(path)).toMatchObject({ code: 4, stderr: expect.stringMatching(whyUnread) })
  }
})

describe.skipIf(!privileged())('in a folder that all users may write to', () => {
  const shared = folder('shared', 0o1777)
  chmodSync(dir, 0o755)
  const own = folder('own')
  copyFileSync(capture, join(own, 'a.ksys'))

  test('a link at the end of a path is not followed by -w, and its target is unchanged', () => {
    const victim = join(dir, 'victim')
    writeFileSync(victim, 'precious')
    for (const [name, owner] of [
      ['link.ksys', 0],
      ['theirs.ksys', NOBODY],
    ] as const) {
      const link = join(shared, name)
      symlinkSync(victim, link)
      lchownSync(link, owner, owner)
      expect(copyTo(link)).toMatchObject({ code: 6, stderr: expect.stringMatching(/cannot be written.*symbolic link/) })
    }
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  })

  test("another user's link is not followed anywhere in a path, neither to write nor to read", () => {
    const deep = folder('shared/deep')
    symlinkSync(own, join(shared, 'sub'))
    symlinkSync(join(shared, 'sub'), join(deep, 'by-mine'))
    lchownSync(join(shared, 'sub'), NOBODY, NOBODY)
    symlinkSync(join(own, 'a.ksys'), join(shared, 'a.ksys'))
    lchownSync(join(shared, 'a.ksys'), NOBODY, NOBODY)
    const refused = expect.stringMatching(/shared\/(sub|a\.ksys) is a symbolic link of user [\w ]*\(?65534\)?/)
    const ways = [join(shared, 'sub'), join(shared, 'deep/../sub'), join(deep, 'by-mine'), `${shared}//sub/.`]
    for (const way of ways) {
      expect(copyTo(join(way, 'new.ksys'))).toMatchObject({ code: 6, stderr: refused })
      expect(read(join(way, 'a.ksys'))).toMatchObject({ code: 4, stderr: refused })
      expect(ksys(['info', join(way, 'a.ksys')])).toMatchObject({ code: 4, stderr: refused })
    }
    expect(read(join(shared, 'a.ksys'))).toMatchObject({ code: 4, stderr: refused })
    expect(existsSync(join(own, 'new.ksys'))).toBe(false)
  })

  test("the user's own link is followed; another user's link elsewhere is followed to read, but not to write", () => {
    symlinkSync(own, join(shared, 'mine'))
    const home = folder('home')
    lchownSync(home, NOBODY, NOBODY)
    symlinkSync('../own', join(home, 'link'))
    lchownSync(join(home, 'link'), NOBODY, NOBODY)
    for (const [way, code] of [
      [join(shared, 'mine'), 0],
      [join(home, 'link'), 6],
    ] as const) {
      expect(read(join(way, 'a.ksys'))).toMatchObject({ code: 0, stdout: '1\n' })
      expect(copyTo(join(way, 'copy.ksys')).code).toBe(code)
    }
    expect(copyTo('/var/run/ksys-files-test.ksys').code).toBe(0)
    execFileSync('rm', ['/run/ksys-files-test.ksys'])
  })

  test("another user's file or FIFO is not written to, nor a file with another hard link", () => {
    const file = join(shared, 'file.ksys')
    writeFileSync(file, 'theirs')
    lchownSync(file, NOBODY, NOBODY)
    expect(copyTo(file)).toMatchObject({ code: 6, stderr: expect.stringMatching(/a file of another user/) })
    expect(readFileSync(file, 'utf8')).toBe('theirs')
    expect(statSync(file).uid).toBe(NOBODY)

    const pipe = fifo(join(shared, 'pipe.ksys'), NOBODY)
    expect(copyTo(pipe)).toMatchObject({ code: 6, stderr: expect.stringMatching(/a FIFO of another user/) })

    const important = join(dir, 'important')
    writeFileSync(important, 'precious')
    linkSync(important, join(shared, 'hard.ksys'))
    expect(copyTo(join(shared, 'hard.ksys'))).toMatchObject({ code: 6, stderr: expect.stringMatching(/hard link/) })
    expect(readFileSync(important, 'utf8')).toBe('precious')
  })

  test('a chisel of another user, or behind a link or a folder of another user, is not run', () => {
    const mark = join(dir, 'ran')
    const text = `import { writeFileSync } from 'node:fs'\nwriteFileSync('${mark}', '')\nexport default {}\n`
    const evil = join(shared, 'evil.mjs')
    writeFileSync(evil, text)
    lchownSync(evil, NOBODY, NOBODY)
    writeFileSync(join(own, 'own.mjs'), text)
    const linked = join(shared, 'linked.mjs')
    symlinkSync(join(own, 'own.mjs'), linked)
    const way = join(shared, 'way')
    symlinkSync(own, way)
    for (const link of [linked, way]) lchownSync(link, NOBODY, NOBODY)
    const theirs = folder('theirs')
    mkdirSync(join(theirs, 'below'))
    writeFileSync(join(theirs, 'below/own.mjs'), text)
    lchownSync(theirs, NOBODY, NOBODY)
    for (const path of [evil, linked, join(way, 'own.mjs'), join(theirs, 'below/own.mjs')]) {
      const run = ksys(['-c', path])
      expect(run.code).toBe(2)
      expect(run.stderr).toMatch(/is not run: .* belongs to another user/)
    }
    const env = { KSYS_CHISEL_DIR: way }
    expect(ksys(['-c', 'own'], { env }).stderr).toMatch(/is not run: .* belongs to another user/)
    expect(existsSync(mark)).toBe(false)
  })

  test('a trace is readable by its owner alone', () => {
    const trace = join(shared, 'private.ksys')
    expect(copyTo(trace).code).toBe(0)
    expect(statSync(trace).mode & 0o777).toBe(0o600)
    const ids = ['--reuid=65534', '--regid=65534', '--clear-groups']
    const other = spawnSync('setpriv', [...ids, process.execPath, main, '-r', trace], { encoding: 'utf8' })
    expect(other.status).not.toBe(0)
    expect(other.stderr).toMatch(/permission|may not|denied|allowed/i)
  })
})

test.skipIf(!privileged())(
  "a socket is not contacted through another user's link, nor if it belongs to another user than expected",
  async () => {
    const shared = folder('sockets', 0o1777)
    const socket = join(shared, 'a.sock')
    const server = createServer().listen(socket)
    try {
      await once(server, 'listening')
      expect(await refusal(socket)).toBeUndefined()
      expect(await refusal(socket, NOBODY)).toMatch(/a socket of user 0/)
      expect(await refusal(join(shared, 'none'))).toBe('')
      expect(await refusal(capture)).toBe('it is not a socket')
      symlinkSync(socket, join(shared, 'link.sock'))
      expect(await refusal(join(shared, 'link.sock'))).toBeUndefined()
      lchownSync(join(shared, 'link.sock'), NOBODY, NOBODY)
      expect(await refusal(join(shared, 'link.sock'))).toMatch(/symbolic link of user /)
    } finally {
      server.close()
    }
  },
)

test('an invalid folder of chisels is reported, and the built-in chisels still run', () => {
  const env = { KSYS_CHISEL_DIR: capture }
  const list = ksys(['-cl'], { env })
  expect(list).toMatchObject({ code: 0, stderr: expect.stringMatching(/cannot read chisels in .*not a folder/) })
  expect(ksys(['-r', capture, '-c', 'topprocs_cpu'], { env }).code).toBe(0)
})
