// ksys record: the latest events in memory, and files of them when a trigger passes or on request.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ksys, main, privileged, root } from '../helpers/ksys.js'
import { readRows, scratchDir, somethingRuns } from '../helpers/live.js'

const NOBODY = 65534

describe.skipIf(!privileged())('a recorder', () => {
  const dir = scratchDir('record')
  somethingRuns()

  const until = async (what: () => boolean) => {
    for (let i = 0; i < 1200 && !what(); i++) await sleep(50)
    expect(what()).toBe(true)
  }

  /** A folder with this name, and a running recorder that writes files into it. */
  const recorder = (name: string, ...args: string[]) => recorderOf([process.execPath, main], name, args)

  /** The same; ksys: the command that starts it. */
  async function recorderOf([program, ...ksys]: [string, ...string[]], name: string, args: string[]) {
    const folder = join(dir, name)
    mkdirSync(folder, { recursive: true })
    const child = spawn(program, [...ksys, 'record', '-w', join(folder, 'x.ksys'), ...args], { cwd: root })
    const done = new Promise<number | null>((resolve) => child.on('close', resolve))
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await done
    })
    let messages = ''
    child.stderr.on('data', (d) => {
      messages += d
    })
    await until(() => messages.includes('recording to memory'))
    return {
      pid: String(child.pid),
      child,
      names: () => readdirSync(folder).sort(),
      path: (n: number) => join(folder, `x-00000${n}.ksys`),
      said: () => messages,
      async end(signal: NodeJS.Signals = 'SIGINT') {
        child.kill(signal)
        return done
      },
    }
  }

  /** a folder that does not exist: other programs open nothing there */
  const nowhere = join(dir, 'nowhere')
  /** Runs a program that opens a file with this name, which does not exist. */
  const mark = (name: string) => void spawnSync('cat', [join(nowhere, name)], { stdio: 'ignore' })
  const marks = (file: string) =>
    readRows(file, ['fs.path.name'], [`evt.type=openat and fs.path.name startswith ${nowhere}/`]).map((r) =>
      String(r['fs.path.name']).replace(`${nowhere}/`, ''),
    )

  test('writes nothing to the disk before a request; a file has the events before and after it, and is complete by itself', async () => {
    const r = await recorder('asked', '--last', '60s', '--after', '0s')
    mark('one')
    await sleep(300)
    expect(r.names()).toEqual([])
    expect(ksys(['dump', r.pid])).toEqual({ code: 0, stdout: `${r.path(1)}\n`, stderr: '' })
    mark('two')
    r.child.kill('SIGUSR1')
    await until(() => existsSync(r.path(2)))
    mark('three')
    expect(ksys(['dump', r.pid, '--after', '2s']).stdout).toBe(`${r.path(3)}\n`)
    expect(await r.end()).toBe(0)
    expect([1, 2, 3].map((n) => marks(r.path(n)))).toEqual([['one'], ['one', 'two'], ['one', 'two', 'three']])
    expect(marks(join(dir, 'asked'))).toEqual(['one', 'two', 'three'])
    expect(ksys(['-r', join(dir, 'asked'), `fs.path.name=${nowhere}/one`])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/some events are in several of the files: each was read once/),
    })
    expect(statSync(r.path(1)).mode & 0o777).toBe(0o600)
    const info = JSON.parse(ksys(['info', '-j', r.path(3)]).stdout)
    expect(info).toMatchObject({ damage: [], lost: 0 })
    expect(r.said()).toMatch(/wrote .*x-000001.ksys: [\d.]+ s, [\d,]+ bytes \(ksys dump\)/)
    expect(r.names().length).toBe(3)
  })

  test('writes what was before and after a trigger, and not again within its cool-down period', async () => {
    const trigger = `fs.path.name = ${nowhere}/alarm`
    const r = await recorder('trigger', '--last', '60s', '--after', '4s', '--trigger', trigger)
    mark('before')
    mark('alarm')
    mark('after')
    await until(() => existsSync(r.path(1)))
    mark('alarm')
    await sleep(1500)
    expect(await r.end('SIGTERM')).toBe(0)
    expect(marks(r.path(1))).toEqual(['before', 'alarm', 'after'])
    expect(r.names()).toEqual(['x-000001.ksys'])
  })

  test('with a filter records what passes it and the trigger, and nothing else', async () => {
    const r = await recorder(
      'filter',
      `fs.path.name = ${nowhere}/wanted`,
      '--last',
      '16M',
      '--after',
      '0s',
      '--trigger',
      `fs.path.name = ${nowhere}/alarm`,
      '--max-files',
      '1',
      '--cooldown',
      '0s',
    )
    for (const name of ['wanted', 'unwanted', 'alarm']) mark(name)
    await until(() => existsSync(r.path(1)))
    mark('alarm')
    await until(() => r.said().includes('--max-files'))
    expect(await r.end()).toBe(0)
    expect(marks(r.path(1))).toEqual(['wanted', 'alarm'])
    expect(r.names()).toEqual(['x-000001.ksys'])
  })

  test('that ends completes a file early', async () => {
    const r = await recorder('end', '--last', '60s', '--after', '1h')
    mark('one')
    r.child.kill('SIGUSR1')
    await until(() => r.names().length === 1)
    await sleep(500)
    expect(r.names()).toEqual(['x-000001.ksys.part'])
    expect(await r.end('SIGTERM')).toBe(0)
    expect(r.names()).toEqual(['x-000001.ksys'])
    expect(marks(r.path(1))).toEqual(['one'])
    expect(JSON.parse(ksys(['info', '-j', r.path(1)]).stdout)).toMatchObject({ damage: [] })
  })

  test('of a name writes files of its own next to another one; a dump without a choice between them is refused', async () => {
    const a = await recorder('two', '--last', '60s', '--after', '0s')
    const folder = join(dir, 'two')
    const other = spawn(process.execPath, [main, 'record', '-q', '-w', join(folder, 'x.ksys'), '--last', '60s'], {
      cwd: root,
    })
    const done = new Promise((resolve) => other.on('close', resolve))
    onTestFinished(async () => {
      other.kill('SIGKILL')
      await done
    })
    await until(() => existsSync(`/run/ksys/record-${other.pid}.sock`))
    await until(() => ksys(['dump', '--status', String(other.pid)]).code === 0)
    expect(ksys(['dump'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/several recorders are running; choose one/),
    })
    expect(ksys(['dump', a.pid]).stdout).toBe(`${a.path(1)}\n`)
    expect(ksys(['dump', String(other.pid), '--after', '0s']).stdout).toBe(`${a.path(2)}\n`)
    other.kill('SIGINT')
    await done
    expect(await a.end()).toBe(0)
  })

  test('that was killed loses its memory, but leaves complete files', async () => {
    const r = await recorder('killed', '--last', '60s', '--after', '0s')
    mark('one')
    expect(ksys(['dump', r.pid]).code).toBe(0)
    await r.end('SIGKILL')
    expect(marks(r.path(1))).toEqual(['one'])
    // the next one cleans up when it is contacted
    const socket = `/run/ksys/record-${r.pid}.sock`
    expect(existsSync(socket)).toBe(true)
    const next = await recorder('next', '--last', '60s')
    expect(existsSync(socket)).toBe(false)
    expect(await next.end()).toBe(0)
    expect(ksys(['dump', r.pid])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is not one of your recorders/),
    })
  })

  test('refuses requests of other users', async () => {
    const r = await recorder('else', '--last', '60s')
    const socket = `/run/ksys/record-${r.pid}.sock`
    const as = (uid: number) => ({ uid, gid: uid })
    const refused = spawn(
      process.execPath,
      ['-e', `require('net').connect(${JSON.stringify(socket)}).on('error', (e) => { console.log(e.code) })`],
      as(NOBODY),
    )
    let text = ''
    refused.stdout.on('data', (d) => {
      text += d
    })
    await new Promise((resolve) => refused.on('close', resolve))
    expect(text.trim()).toBe('EACCES')
    // an invalid request is answered, but not obeyed
    const answer = await new Promise<string>((resolve) => {
      let all = ''
      const c = createConnection(socket, () => c.write('{"ask":"everything"}\n'))
      c.on('data', (d) => {
        all += d
      })
      c.on('close', () => resolve(all))
    })
    expect(JSON.parse(answer)).toEqual({ error: 'invalid request' })
    expect(await r.end()).toBe(0)
    expect(r.names()).toEqual([])
    expect(r.said()).toMatch(/nothing was written; the last [\d.]+ s held in memory are lost/)
  })

  test('answers root and the user who records alone, whoever may reach the socket', async () => {
    const own = join(dir, 'own')
    mkdirSync(own)
    chownSync(own, NOBODY, NOBODY)
    chmodSync(dir, 0o711)
    const env = { XDG_RUNTIME_DIR: '', TMPDIR: own }
    const caps = '+bpf,+perfmon,+sys_ptrace,+dac_read_search'
    const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
    const words = ['record', '--last', '60s', '--after', '0s', '-w', join(own, 'x.ksys')]
    const child = spawn(
      'setpriv',
      [...user, `--inh-caps=${caps}`, `--ambient-caps=${caps}`, process.execPath, main, ...words],
      { env: { ...process.env, ...env }, stdio: 'ignore' },
    )
    const done = new Promise<number | null>((resolve) => child.on('close', resolve))
    onTestFinished(() => void child.kill('SIGKILL'))
    const status = [process.execPath, main, 'dump', '--status', String(child.pid)]
    const statusExit = () => spawnSync('setpriv', [...user, ...status], { env: { ...process.env, ...env } }).status
    const folder = join(own, `ksys-${NOBODY}`)
    const socket = join(folder, `record-${child.pid}.sock`)
    await until(() => existsSync(socket))
    await until(() => statusExit() === 0)
    chmodSync(folder, 0o711)
    chmodSync(socket, 0o666)
    const client = `let said = ''
      const c = require('net').connect(process.argv[1], () => console.log('connected'))
      c.on('data', (d) => { said += d }).on('error', () => {}).on('close', () => console.log(said))
      c.write('{"ask":"dump"}\\n')`
    const answerTo = (uid: number) =>
      execFileSync(process.execPath, ['-e', client, socket], { uid, gid: uid })
        .toString()
        .trim()
        // the recorder's progress messages
        .replace(/\n+/g, '\n')
    const answer = (n: number) => `connected\n${JSON.stringify({ dumped: join(own, `x-00000${n}.ksys`) })}`
    expect([0, NOBODY, NOBODY - 1].map(answerTo)).toEqual([answer(1), answer(2), 'connected'])
    child.kill('SIGINT')
    expect(await done).toBe(0)
    expect(readdirSync(own).filter((name) => name.startsWith('x-'))).toHaveLength(2)
  })

  /** A client of a recorder's socket that sends this, and does not read the response. */
  const client = (pid: string, says: string) =>
    new Promise<Socket>((resolve) => {
      const c = createConnection(`/run/ksys/record-${pid}.sock`, () => resolve(c))
      c.on('error', () => undefined).write(says)
    })
  const asking = (...args: string[]) => {
    const child = spawn(process.execPath, [main, 'dump', ...args], { cwd: root })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (d) => {
      stdout += d
    })
    child.stderr.on('data', (d) => {
      stderr += d
    })
    return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, stdout, stderr })),
    )
  }

  test('that ends answers a client that waits for a file, and waits for no silent client; SIGUSR1 does not end it', async () => {
    const r = await recorder('waiting', '--last', '60s')
    mark('one')
    const clients = await Promise.all(['', '{"ask":', '{"ask":"status"}\n'].map((says) => client(r.pid, says)))
    const answer = asking(r.pid, '--after', '1h')
    await until(() => r.names().length === 1)
    const ended = r.end('SIGTERM')
    while (!existsSync(r.path(1))) {
      r.child.kill('SIGUSR1')
      await sleep(1)
    }
    expect(await ended).toBe(0)
    expect(await answer).toMatchObject({ code: 0, stdout: `${r.path(1)}\n` })
    expect(r.names().filter((name) => name.endsWith('.part'))).toEqual([])
    expect(marks(r.path(1))).toEqual(['one'])
    for (const c of clients) c.destroy()
  })

  test('is not ended by very frequent requests, nor by more connections than its limit of open files', async () => {
    const r = await recorder('storm', '--last', '60s', '--after', '0s')
    const open = readdirSync(`/proc/${r.pid}/fd`).length
    // only the same user may do this, if root itself lacks capabilities
    const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${r.pid}/status`, 'utf8'))?.[1])
    execFileSync('prlimit', ['--pid', r.pid, `--nofile=${open + 20}:`], { uid, gid: uid })
    const clients = await Promise.all(Array.from({ length: 100 }, () => client(r.pid, 'x'.repeat(100))))
    await sleep(300)
    for (const c of clients) c.destroy()
    await until(() => ksys(['dump', r.pid]).code === 0)
    const answers = await Promise.all(Array.from({ length: 4 }, () => asking(r.pid)))
    expect(answers.map((a) => a.code)).toEqual([0, 0, 0, 0])
    const long = await client(r.pid, 'x'.repeat(1 << 20))
    await new Promise((resolve) => long.on('close', resolve).resume())
    expect(await r.end()).toBe(0)
  })

  test('reports a full disk, and continues; incomplete files count too', async () => {
    const folder = join(dir, 'full')
    mkdirSync(folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'ksys-test', folder])
    onTestFinished(() => void execFileSync('umount', ['-l', folder]))
    const trigger = ['--trigger', `fs.path.name = ${nowhere}/alarm`, '--cooldown', '0s', '--max-files', '1']
    const r = await recorder('full', '--last', '60s', '--after', '0s', ...trigger)
    await sleep(1000)
    expect(ksys(['dump', r.pid]).code).toBe(0)
    const { size } = statSync(r.path(1))
    const remount = (bytes: number) => execFileSync('mount', ['-o', `remount,size=${bytes}`, folder])
    remount(2 * size - 4096)
    mark('alarm')
    await until(() => /x-000002.ksys.part cannot be written any further: the disk is full/.test(r.said()))
    expect(r.said()).toMatch(/the disk is full.*; its events stay in memory while they fit, and ksys retries every 5 s/)
    mark('alarm')
    await until(() => /--max-files/.test(r.said()))
    expect(r.names()).toEqual(['x-000001.ksys', 'x-000002.ksys.part'])
    expect(ksys(['dump', r.pid])).toMatchObject({ code: 1, stderr: expect.stringMatching(/the disk is full/) })
    remount(64 << 20)
    expect(ksys(['dump', r.pid]).code).toBe(0)
    const whole = r.names().filter((name) => !name.endsWith('.part'))
    // it may have been retried just before
    expect([2, 3]).toContain(whole.length)
    expect(r.names()).toEqual(whole)
    for (const name of whole)
      expect(JSON.parse(ksys(['info', '-j', join(folder, name)]).stdout)).toMatchObject({ damage: [] })
    expect(await r.end()).toBe(0)
  })

  /** A folder with this name on a full disk of its own. */
  function fullDisk(name: string) {
    const folder = join(dir, name)
    mkdirSync(folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'ksys-test', folder])
    onTestFinished(() => void execFileSync('umount', ['-l', folder]))
    writeFileSync(join(folder, 'filler'), Buffer.alloc(48 << 10))
    return { room: () => execFileSync('mount', ['-o', 'remount,size=64m', folder]) }
  }

  test('retains in memory what a full disk does not accept, and writes it once there is space', async () => {
    const disk = fullDisk('later')
    const r = await recorder('later', '--last', '1s', '--after', '0s')
    // the second before the request contains some, however long the client takes to start
    const marking = setInterval(() => mark('before'), 100)
    const answer = await asking(r.pid).finally(() => clearInterval(marking))
    expect(answer).toMatchObject({ code: 1, stderr: expect.stringMatching(/full/) })
    await until(() => /retries every 5 s/.test(r.said()))
    // older than --last by then, and several attempts are reported in as many lines as one
    await sleep(12_000)
    expect(r.said().match(/the disk is full/g)).toHaveLength(1)
    expect(r.names().filter((name) => name.endsWith('.part')).length).toBeLessThan(2)
    disk.room()
    await until(() => /wrote .*\.ksys: \d+\.\d s \(--last is 1\.0 s: /.test(r.said()))
    const [file] = r.names().filter((name) => name.startsWith('x-'))
    expect([...new Set(marks(join(dir, 'later', file as string)))]).toEqual(['before'])
    expect(await r.end()).toBe(0)
  })

  test('exits with a failure if the disk is full to the end', async () => {
    fullDisk('never')
    const r = await recorder('never', '--last', '60s', '--after', '0s')
    await sleep(500)
    r.child.kill('SIGUSR1')
    await until(() => /the disk is full/.test(r.said()))
    expect(await r.end()).toBe(6)
    expect(r.said()).toMatch(/the disk is full.*; the last \d+\.\d s held in memory are lost\n$/)
  })

  test('reports a folder that was removed', async () => {
    const r = await recorder('gone', '--last', '60s', '--after', '0s')
    rmSync(join(dir, 'gone'), { recursive: true })
    for (let i = 0; i < 2; i++)
      expect(ksys(['dump', r.pid])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/its folder was removed after ksys started/),
      })
    expect(await r.end()).toBe(6)
    expect(r.said()).toMatch(/its folder was removed after ksys started.*; the last \d+\.\d s held in memory are lost/)
  })

  test("adds a trigger's events to a file that is being written on request", async () => {
    const r = await recorder(
      'joined',
      '--last',
      '60s',
      '--after',
      '10s',
      '--trigger',
      `fs.path.name = ${nowhere}/alarm`,
    )
    const answer = asking(r.pid, '--after', '4s')
    await until(() => r.names().length === 1)
    mark('alarm')
    await sleep(4500)
    mark('after')
    await answer
    expect(marks(r.path(1))).toEqual(['alarm', 'after'])
    expect(await r.end()).toBe(0)
    expect(r.names()).toEqual(['x-000001.ksys'])
  })

  test('does not mistake what killed recorders have left for a recorder, whatever process has its number now; an invalid response is reported', async () => {
    // a folder without recorders of other tests
    const alone = 'mkdir -p -m 700 /run/ksys && mount -t tmpfs -o mode=700 none /run/ksys && exec "$@"'
    const unshare = ['-m', '--propagation', 'private', 'sh', '-c', alone, 'sh', process.execPath, main]
    const r = await recorderOf(['unshare', ...unshare], 'stale', ['--last', '60s', '--after', '0s'])
    const there = ['-t', r.pid, '-m', process.execPath]
    const dump = (...args: string[]) => {
      const {
        status: code,
        stdout,
        stderr,
      } = spawnSync('nsenter', [...there, main, 'dump', ...args], {
        encoding: 'utf8',
      })
      return { code, stdout, stderr }
    }
    const listening = (pid: number, answer: string) => {
      const socket = `/run/ksys/record-${pid}.sock`
      const path = `/proc/${r.pid}/root${socket}`
      const response = `c.end(${JSON.stringify(answer)})`
      const script = `require('net').createServer((c) => ${response}).listen('${socket}')`
      const child = spawn('nsenter', [...there, '-e', script])
      onTestFinished(() => void child.kill('SIGKILL'))
      return until(() => existsSync(path)).then(() => ({ child, path }))
    }
    const stale = await listening(process.pid, '')
    stale.child.kill('SIGKILL')
    await until(() => stale.child.signalCode !== null)
    expect(existsSync(stale.path)).toBe(true)
    expect(dump()).toMatchObject({ code: 0, stdout: `${r.path(1)}\n` })
    expect(existsSync(stale.path)).toBe(false)
    await listening(1, '{"status":{"pid":1,"seconds":"\u001b[2J"}}\n')
    const nonsense = { code: 1, stdout: expect.stringMatching(/^1: it .* sent an invalid response/), stderr: '' }
    expect(dump('--status', '1')).toEqual(nonsense)
    expect(dump('1')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ksys: recorder 1 .* sent an invalid response/),
    })
    expect(await r.end()).toBe(0)
  })

  test('with a trigger by data that are recorded on demand records only these; an impossible trigger is reported', async () => {
    const rules = join(dir, 'rules')
    writeFileSync(rules, 'proc.args mask /--password[ =](\\S+)/\n')
    const r = await recorder(
      'demand',
      ...['--last', '60s', '--after', '0s', '--redact', rules, '--no-container-metadata'],
      ...['--trigger', 'evt.type=switch or proc.args contains hunter2 or container.name=web'],
    )
    await until(() => existsSync(r.path(1)))
    expect(await r.end()).toBe(0)
    expect(r.said()).toMatch(/--trigger tests proc.args, which is redacted first/)
    expect(r.said()).toMatch(/container.name has no value here/)
  })

  test('writes no data that privacy options omit', async () => {
    const r = await recorder('redacted', '--last', '60s', '--after', '0s', '--no-args')
    execFileSync('true', ['--password=hunter2'])
    expect(ksys(['dump', r.pid]).code).toBe(0)
    expect(await r.end()).toBe(0)
    const rows = readRows(r.path(1), ['proc.args', 'evt.args'], ['evt.type=execve'])
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain('hunter2')
  })

  test('reloads --config on SIGHUP: another trigger applies, also to what is in memory; an error changes nothing', async () => {
    const config = join(dir, 'record.conf')
    const configure = (...lines: string[]) => writeFileSync(config, lines.join('\n'))
    const trigger = (name: string) => `--trigger fs.path.name = ${nowhere}/${name}`
    configure('--last 60s', '--after 0s', trigger('one'))
    const r = await recorder('config', '--config', config)
    const hangUp = async (sentence: string) => {
      r.child.kill('SIGHUP')
      await until(() => r.said().includes(sentence))
    }
    mark('before')
    configure('--last 60s', '--after 0s', `--trigger fs.path.nam = ${nowhere}/two`)
    await hangUp('fs.path.nam')
    await until(() => r.said().includes('the previous options remain in effect'))
    configure('--last 30s', '--after 0s', trigger('two'), '--cooldown 0s')
    await hangUp('record.conf; takes effect at the next start: --last')
    mark('one')
    mark('two')
    await until(() => existsSync(r.path(1)))
    configure('--last 60s', '--after 0s', '--trigger evt.type = switch')
    await hangUp('record.conf; takes effect at the next start: --trigger')
    mark('two')
    await until(() => existsSync(r.path(2)))
    configure('--last 60s', '--after 0s')
    await hangUp('record.conf\n')
    mark('two')
    expect(await r.end('SIGTERM')).toBe(0)
    expect(marks(r.path(1))).toEqual(['before', 'one', 'two'])
    expect(r.names()).toEqual(['x-000001.ksys', 'x-000002.ksys'])
  })

  test('without a file of options ends on SIGHUP', async () => {
    const r = await recorder('hangup', '--last', '60s')
    expect(await r.end('SIGHUP')).toBe(0)
  })
})

test.each([
  [['-w', 'x.ksys'], 'missing --last'],
  [['--last', '60s'], 'missing -w'],
  [['--last', '1M', '-w', 'x'], '--last must be at least 8M'],
  [['--last', 'soon', '-w', 'x'], 'Expected a time such as'],
  [['--last', '60s', '-w', '-'], 'cannot write to standard output'],
  [['--last', '60s', '-w', 'x', '--cooldown', '1s'], '--cooldown requires --trigger'],
  [['--last', '60s', '-w', 'x', '--max-bytes-a-day', '1G'], '--max-bytes-a-day requires --trigger'],
  [
    ['--last', '64M', '-w', 'x', '--trigger', 'evt.type=open', '--max-bytes-a-day', '63M'],
    'every trigger would be ignored',
  ],
  [['--last', '900000G', '-w', 'x'], 'exceeds half of the'],
  [['--last', '60s', '-w', 'x', '--trigger', 'evt.typ=open'], 'evt.typ'],
  [['--last', '60s', '-w', 'x.scap'], '.scap'],
])('reports an error in a sentence: record %j', (args, says) => {
  const { code, stderr } = ksys(['record', ...args], { own: false })
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)])
})

test('is reported as missing by a dump', () => {
  expect(ksys(['dump', '1'])).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^ksys: process 1 is not one of your recorders: ksys record --last 60s -w NAME starts one(;.*)?\n$/,
    ),
  })
  expect(ksys(['dump', 'me']).code).toBe(2)
})
