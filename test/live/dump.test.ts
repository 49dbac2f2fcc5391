// The recorders that ksys dump contacts, the time that it waits, and how it handles a response: no other user controls these.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, type OnTestFinishedHandler, test } from 'vitest'
import { parse } from 'yaml'
import { main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const NOBODY = 65534
const STRANGER = 65533
/** a number that no process has: above the kernel's maximum */
const PID = '4194399'

/** Listens at argv[1] and sends argv[2] to every client with a request; `hang`: it sends nothing more and does not close the connection. */
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

/** Processes of one test, none of which remains after it. */
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

  /** Something other than a recorder listens there, as this user. */
  async listener(user: number, path: string, says: string, hang = false): Promise<void> {
    // it may create its socket in another user's folder
    const able = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
    const as = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...able]
    const words = [process.execPath, '-e', LISTENER, path, says, ...(hang ? ['hang'] : [])]
    const child = this.add(spawn('setpriv', [...as, ...words], { stdio: ['ignore', 'pipe', 'inherit'] }))
    await once(child.stdout, 'data')
  }

  /** Runs ksys dump as this user, with `folder` in place of the folder for temporary files. */
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

  /** A recorder whose files are in this folder and have this name, which responds to requests. */
  async recorder(
    folder: string,
    name: string,
    ...filter: readonly string[]
  ): Promise<{ child: ChildProcess; pid: string; socket: string }> {
    mkdirSync(folder)
    const words = ['record', '-q', '--last', '10s', '-w', name, '--no-container-metadata', ...filter]
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

  /** A folder for temporary files, which contains the folder of nobody's recorders, owned by this user. */
  function folders(name: string, owner = NOBODY, mode = 0o700) {
    const temporary = join(dir, name)
    const sockets = join(temporary, `ksys-${NOBODY}`)
    mkdirSync(sockets, { recursive: true })
    chmodSync(temporary, 0o777)
    chmodSync(sockets, mode)
    chownSync(sockets, owner, owner)
    return { temporary, socket: join(sockets, `record-${PID}.sock`) }
  }

  test('waits for a busy recorder and reports this', async (context) => {
    const processes = new Processes(context)
    const folder = join(dir, 'work')
    const { child, pid, socket } = await processes.recorder(folder, join(folder, 'x.ksys'))
    const messages: string[] = []
    const client = createConnection(socket)
    client.setEncoding('utf8').on('data', (text: string) => messages.push(text))
    const answered = new Promise((done) => client.once('close', done))
    client.write(`${JSON.stringify({ ask: 'dump', after: 17e9 })}\n`)
    // more than the timeout for a silent one
    expect(await processes.dumpAs(0, tmpdir(), pid, '--after', '17s')).toEqual({
      code: 0,
      stdout: `${join(folder, 'x-000001.ksys')}\n`,
      stderr: '',
    })
    await answered
    expect(messages.join('')).toMatch(/^\n+\{"dumped":"[^"\n]+"\}\n$/)
    child.kill('SIGINT')
    await until(() => child.exitCode !== null)
  })

  test('prints the absolute path of a file for which the recorder has a relative name; gives up on a silent recorder', async (context) => {
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

  test('--status, which the probes of the DaemonSet run, fails if the start of a client does not come through the capture', async (context) => {
    const processes = new Processes(context)
    const folder = join(dir, 'probed')
    const { child, pid, socket } = await processes.recorder(folder, join(folder, 'x.ksys'), 'proc.name=nothing')
    const { spec } = parse(readFileSync(join(root, 'src/container/deploy/daemonset.yaml'), 'utf8')).spec.template
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      const [ksys, dump, ...words] = spec.containers[0][probe].exec.command
      expect([ksys, dump]).toEqual(['ksys', 'dump'])
      // nothing passes the filter, but the capture works
      expect((await processes.dumpAs(0, tmpdir(), ...words, pid)).code).toBe(0)
    }
    // in a pid namespace of its own, the client has an id that the recorder does not know
    const last = 'echo $(($(cat /proc/sys/kernel/pid_max) - 99)) >/proc/sys/kernel/ns_last_pid'
    const inside = `${last} && ${process.execPath} ${main} dump --status ${pid}; exit $?`
    expect(spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'sh', '-c', inside]).status).toBe(0)
    // no such process has started
    const client = createConnection(socket)
    let answer = ''
    client.setEncoding('utf8').on('data', (text: string) => {
      answer += text
    })
    client.write(`${JSON.stringify({ ask: 'status', pid: Number(PID) })}\n`)
    await once(client, 'close')
    expect(JSON.parse(answer)).toEqual({ error: expect.stringMatching(/^the capture delivers no events: /) })
    child.kill('SIGINT')
    await until(() => child.exitCode !== null)
  })

  test('of root contacts nothing in a folder of another user, removes nothing there, and says how this user can do it', async (context) => {
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
    // a socket without a listener remains as well
    const stale = join(temporary, `ksys-${NOBODY}`, 'record-4194398.sock')
    const leave = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', leave, stale])
    expect((await processes.dumpAs(0, temporary, '4194398')).code).toBe(1)
    expect([socket, stale].map((path) => existsSync(path))).toEqual([true, true])
  })

  test('of a user contacts nothing in a folder that another user created under its name, or may write to', async (context) => {
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

  test('contacts only sockets of its user and of root, whatever the folder', async (context) => {
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
  ])('accepts no response that a recorder does not give: %s', async ([what, says], context) => {
    const processes = new Processes(context)
    const { temporary, socket } = folders(`answer ${what}`)
    await processes.listener(NOBODY, socket, says)
    expect(await processes.dumpAs(NOBODY, temporary, PID)).toEqual({
      code: 1,
      stdout: '',
      stderr: `ksys: recorder ${PID} exited or sent an invalid response; check its files\n`,
    })
  })

  test('accepts the line that a recorder sends, and does not wait for it to close the connection', async (context) => {
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
  ])('--status does not show a response with %s, and has an exit code for this', async ([what, status], context) => {
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
