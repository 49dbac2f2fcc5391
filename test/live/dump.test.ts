// Whom ksys dump asks, how long it waits, and what it makes of an answer: no other user decides that.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, type OnTestFinishedHandler, test } from 'vitest'
import { main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const NOBODY = 65534
const STRANGER = 65533
/** a number that no process has: above the largest limit of the kernel */
const PID = '4194399'

/** Listens at argv[1] and says argv[2] to whoever connects and asks; `hang`: it says nothing more and does not hang up. */
const LISTENER = `
  const [path, says, hang] = process.argv.slice(1)
  process.umask(0)
  const server = require('net').createServer((c) => {
    c.on('error', () => undefined)
    c.once('data', () => (hang ? c.write(says) : c.end(says)))
  })
  server.listen(path, () => console.log())`

const until = async (what: () => boolean) => {
  for (let i = 0; i < 1200 && !what(); i++) await sleep(50)
  expect(what()).toBe(true)
}

/** Processes of one test, none of which is left behind it. */
class Processes {
  private readonly all: ChildProcess[] = []

  constructor({ onTestFinished }: { onTestFinished: (end: OnTestFinishedHandler) => void }) {
    onTestFinished(async () => {
      await Promise.all(this.all.map(ended))
    })
  }

  add<T extends ChildProcess>(child: T): T {
    this.all.push(child)
    return child
  }

  /** Something that is no recorder listens there, as this user. */
  async listener(user: number, path: string, says: string, hang = false): Promise<void> {
    // it may make its socket in a folder that is another user's
    const able = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
    const as = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...able]
    const words = [process.execPath, '-e', LISTENER, path, says, ...(hang ? ['hang'] : [])]
    const child = this.add(spawn('setpriv', [...as, ...words], { stdio: ['ignore', 'pipe', 'inherit'] }))
    await once(child.stdout, 'data')
  }

  /** Runs ksys dump as this user, for whom folder stands for that of temporary files. */
  dumpAs(user: number, folder: string, ...args: string[]): Promise<Ended> {
    const env = { ...process.env, XDG_RUNTIME_DIR: '', TMPDIR: folder }
    const child = this.add(spawn(process.execPath, [main, 'dump', ...args], { uid: user, gid: user, env, cwd: root }))
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (d) => {
      stdout += d
    })
    child.stderr.on('data', (d) => {
      stderr += d
    })
    return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })))
  }

  /** A recorder whose files are in this folder and have this name, which may be asked. */
  async recorder(folder: string, name: string): Promise<{ child: ChildProcess; pid: string; socket: string }> {
    mkdirSync(folder)
    const words = ['record', '-q', '--last', '10s', '-w', name, '--no-container-metadata']
    const child = this.add(spawn(process.execPath, [main, ...words], { cwd: folder, stdio: 'ignore' }))
    const socket = `/run/ksys/record-${child.pid}.sock`
    await until(() => existsSync(socket))
    return { child, pid: String(child.pid), socket }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

describe.skipIf(!privileged()).concurrent('ksys dump', () => {
  const dir = scratchDir('dump')
  chmodSync(dir, 0o711)

  /** A folder in which temporary files are, and in it that of nobody's recorders, which this user owns. */
  function folders(name: string, owner = NOBODY, mode = 0o700) {
    const temporary = join(dir, name)
    const sockets = join(temporary, `ksys-${NOBODY}`)
    mkdirSync(sockets, { recursive: true })
    chmodSync(temporary, 0o777)
    chmodSync(sockets, mode)
    chownSync(sockets, owner, owner)
    return { temporary, socket: join(sockets, `record-${PID}.sock`) }
  }

  test('waits for a recorder that is at work and says so', async (context) => {
    const processes = new Processes(context)
    const folder = join(dir, 'work')
    const { child, pid, socket } = await processes.recorder(folder, join(folder, 'x.ksys'))
    const said: string[] = []
    const asked = createConnection(socket)
    asked.setEncoding('utf8').on('data', (text: string) => said.push(text))
    const answered = new Promise((done) => asked.once('close', done))
    asked.write(`${JSON.stringify({ ask: 'dump', after: 17e9 })}\n`)
    // more than the time for which a silent one is waited for
    expect(await processes.dumpAs(0, tmpdir(), pid, '--after', '17s')).toEqual({
      code: 0,
      stdout: `${join(folder, 'x-000001.ksys')}\n`,
      stderr: '',
    })
    await answered
    expect(said.join('')).toMatch(/^\n+\{"dumped":"[^"\n]+"\}\n$/)
    child.kill('SIGINT')
    await until(() => child.exitCode !== null)
  })

  test('tells the whole path of a file that the recorder was given a relative name for; gives up one that says nothing', async (context) => {
    const processes = new Processes(context)
    const folder = join(dir, 'relative')
    const { child, pid } = await processes.recorder(folder, 'x.ksys')
    expect(await processes.dumpAs(0, tmpdir(), pid, '--after', '0s')).toMatchObject({
      code: 0,
      stdout: `${join(folder, 'x-000001.ksys')}\n`,
    })
    child.kill('SIGSTOP')
    const [status, dumped] = await Promise.all([
      processes.dumpAs(0, tmpdir(), '--status', pid),
      processes.dumpAs(0, tmpdir(), pid),
    ])
    expect(status).toEqual({ code: 1, stdout: `${pid}: it does not respond; it may be stopped or hung\n`, stderr: '' })
    expect(dumped).toEqual({
      code: 1,
      stdout: '',
      stderr: `ksys: recorder ${pid} does not respond; it may be stopped or hung\n`,
    })
    child.kill('SIGCONT')
    expect((await processes.dumpAs(0, tmpdir(), pid, '--after', '0s')).code).toBe(0)
    child.kill('SIGINT')
    await until(() => child.exitCode !== null)
  })

  test('of root asks nobody in a folder of another user, removes nothing there, and says how that user asks', async (context) => {
    const processes = new Processes(context)
    const { temporary, socket } = folders('root')
    await processes.listener(NOBODY, socket, '{"dumped":"/var/log/fake.ksys"}\n')
    const expected = {
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^ksys: process \d+ is not one of your recorders: .*sudo -u USER ksys dump\n$/),
    }
    expect(await processes.dumpAs(0, temporary, PID)).toEqual(expected)
    expect(await processes.dumpAs(0, temporary, '--status', PID)).toEqual(expected)
    // one that nobody listens at any more stays as well
    const stale = join(temporary, `ksys-${NOBODY}`, 'record-4194398.sock')
    const leave = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', leave, stale])
    expect((await processes.dumpAs(0, temporary, '4194398')).code).toBe(1)
    expect([socket, stale].map((path) => existsSync(path))).toEqual([true, true])
  })

  test('of a user asks nobody in a folder that somebody else made under its name, or may write to', async (context) => {
    const processes = new Processes(context)
    for (const [name, owner, mode] of [
      ['made', STRANGER, 0o777],
      ['open', NOBODY, 0o777],
    ] as const) {
      const { temporary, socket } = folders(name, owner, mode)
      await processes.listener(STRANGER, socket, '{"dumped":"/var/log/fake.ksys"}\n')
      expect(await processes.dumpAs(NOBODY, temporary, PID)).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/is not one of your recorders.*is not a folder that only this user can enter/),
      })
    }
  })

  test('asks nobody but its user and root, whatever the folder', async (context) => {
    const processes = new Processes(context)
    const { temporary, socket } = folders('peer')
    await processes.listener(STRANGER, socket, '{"dumped":"/var/log/fake.ksys"}\n')
    expect(await processes.dumpAs(NOBODY, temporary, PID)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`^ksys: recorder ${PID} cannot be reached: another user \\(${STRANGER}\\) listens`),
      ),
    })
    rmSync(socket)
    await processes.listener(0, socket, '{"dumped":"/var/log/true.ksys"}\n')
    expect(await processes.dumpAs(NOBODY, temporary, PID)).toEqual({
      code: 0,
      stdout: '/var/log/true.ksys\n',
      stderr: '',
    })
  })

  test.for([
    ['escapes and lines', '{"error":"\\u001b[31mnothing\\u001b]0;x\\u0007\\nksys: run this \\u009b"}\n'],
    ['a line of its own', '{"error":"nothing was kept\\nksys: run this"}\n'],
    ['no text', '{"error":""}\n'],
    ['a long text', `{"error":"${'x'.repeat(30_000)}"}\n`],
    ['an escape in a path', '{"dumped":"/var/log/\\u001b[31mfake.ksys"}\n'],
    ['two lines in a path', '{"dumped":"/var/log/a\\n/var/log/b"}\n'],
    ['a relative path', '{"dumped":"fake.ksys"}\n'],
    ['a path that goes back', '{"dumped":"/var/log/../fake.ksys"}\n'],
    ['a status', '{"status":{"seconds":1,"bytes":1,"most":1,"files":1,"writing":false,"to":"/x"}}\n'],
    ['an exit code', '{"code":0}\n'],
    ['no JSON', 'x\n'],
    ['a line without an end', 'x'.repeat(100_000)],
    ['nothing', ''],
  ])('takes no answer that a recorder does not give: %s', async ([what, says], context) => {
    const processes = new Processes(context)
    const { temporary, socket } = folders(`answer ${what}`)
    await processes.listener(NOBODY, socket, says)
    expect(await processes.dumpAs(NOBODY, temporary, PID)).toEqual({
      code: 1,
      stdout: '',
      stderr: `ksys: recorder ${PID} exited or sent an invalid response; check its files\n`,
    })
  })

  test('takes the line that a recorder answers, and does not wait for it to hang up', async (context) => {
    const processes = new Processes(context)
    const { temporary, socket } = folders('line')
    await processes.listener(NOBODY, socket, '\n\n{"dumped":"/var/log/a b.ksys"}\n{"error":"x"}\n', true)
    expect(await processes.dumpAs(NOBODY, temporary, PID)).toEqual({
      code: 0,
      stdout: '/var/log/a b.ksys\n',
      stderr: '',
    })
  })

  test.for([
    ['amounts that are none', '{"seconds":1e999,"bytes":1,"most":1,"files":1,"writing":false,"to":"/x"}'],
    ['escapes', '{"seconds":1,"bytes":1,"most":1,"files":1,"writing":false,"to":"/\\u001b[2J"}'],
  ])('--status shows no answer with %s, and says so with its exit code', async ([what, status], context) => {
    const processes = new Processes(context)
    const { temporary, socket } = folders(`status ${what}`)
    await processes.listener(NOBODY, socket, `{"status":${status}}\n`)
    expect(await processes.dumpAs(NOBODY, temporary, '--status', PID)).toEqual({
      code: 1,
      stdout: `${PID}: it exited or sent an invalid response; check its files\n`,
      stderr: '',
    })
  })
})
