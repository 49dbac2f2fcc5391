// Whom ksys dump asks, how long it waits, and what it makes of an answer: no other user decides that.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ksys, main, privileged, root } from '../helpers/ksys.js'
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

function ends(child: ChildProcess): void {
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await ended
  })
}

const until = async (what: () => boolean) => {
  for (let i = 0; i < 1200 && !what(); i++) await sleep(50)
  expect(what()).toBe(true)
}

/** Something that is no recorder listens there, as this user. */
async function listener(user: number, path: string, says: string, hang = false): Promise<void> {
  // it may make its socket in a folder that is another user's
  const able = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  const as = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...able]
  const words = [process.execPath, '-e', LISTENER, path, says, ...(hang ? ['hang'] : [])]
  const child = spawn('setpriv', [...as, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  ends(child)
  await once(child.stdout, 'data')
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs ksys dump as this user, for whom folder stands for that of temporary files. */
function dumpAs(user: number, folder: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, XDG_RUNTIME_DIR: '', TMPDIR: folder }
  const child = spawn(process.execPath, [main, 'dump', ...args], { uid: user, gid: user, env, cwd: root })
  ends(child)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (d) => {
    stdout += d
  })
  child.stderr.on('data', (d) => {
    stderr += d
  })
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })))
}

describe.skipIf(!privileged())('ksys dump', () => {
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

  test('of root asks nobody in a folder of another user, removes nothing there, and says how that user asks', async () => {
    const { temporary, socket } = folders('root')
    await listener(NOBODY, socket, '{"dumped":"/var/log/fake.ksys"}\n')
    const expected = {
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^ksys: process \d+ is no recorder of yours: .*sudo -u USER ksys dump\n$/),
    }
    expect(await dumpAs(0, temporary, PID)).toEqual(expected)
    expect(await dumpAs(0, temporary, '--status', PID)).toEqual(expected)
    // one that nobody listens at any more stays as well
    const stale = join(temporary, `ksys-${NOBODY}`, 'record-4194398.sock')
    const leave = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', leave, stale])
    expect((await dumpAs(0, temporary, '4194398')).code).toBe(1)
    expect([socket, stale].map((path) => existsSync(path))).toEqual([true, true])
  })

  test('of a user asks nobody in a folder that somebody else made under its name, or may write to', async () => {
    for (const [name, owner, mode] of [
      ['made', STRANGER, 0o777],
      ['open', NOBODY, 0o777],
    ] as const) {
      const { temporary, socket } = folders(name, owner, mode)
      await listener(STRANGER, socket, '{"dumped":"/var/log/fake.ksys"}\n')
      expect(await dumpAs(NOBODY, temporary, PID)).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/is no recorder of yours.*is not a folder that only this user can enter/),
      })
    }
  })

  test('asks nobody but its user and root, whatever the folder', async () => {
    const { temporary, socket } = folders('peer')
    await listener(STRANGER, socket, '{"dumped":"/var/log/fake.ksys"}\n')
    expect(await dumpAs(NOBODY, temporary, PID)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`^ksys: recorder ${PID} cannot be asked: another user \\(${STRANGER}\\) listens`),
      ),
    })
    rmSync(socket)
    await listener(0, socket, '{"dumped":"/var/log/true.ksys"}\n')
    expect(await dumpAs(NOBODY, temporary, PID)).toEqual({ code: 0, stdout: '/var/log/true.ksys\n', stderr: '' })
  })

  test.each([
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
  ])('takes no answer that a recorder does not give: %s', async (what, says) => {
    const { temporary, socket } = folders(`answer ${what}`)
    await listener(NOBODY, socket, says)
    expect(await dumpAs(NOBODY, temporary, PID)).toEqual({
      code: 1,
      stdout: '',
      stderr: `ksys: recorder ${PID} has ended, or does not answer as it should: look at its files\n`,
    })
  })

  test('takes the line that a recorder answers, and does not wait for it to hang up', async () => {
    const { temporary, socket } = folders('line')
    await listener(NOBODY, socket, '\n\n{"dumped":"/var/log/a b.ksys"}\n{"error":"x"}\n', true)
    expect(await dumpAs(NOBODY, temporary, PID)).toEqual({ code: 0, stdout: '/var/log/a b.ksys\n', stderr: '' })
  })

  test.each([
    ['amounts that are none', '{"seconds":1e999,"bytes":1,"most":1,"files":1,"writing":false,"to":"/x"}'],
    ['escapes', '{"seconds":1,"bytes":1,"most":1,"files":1,"writing":false,"to":"/\\u001b[2J"}'],
  ])('--status shows no answer with %s, and says so with its exit code', async (what, status) => {
    const { temporary, socket } = folders(`status ${what}`)
    await listener(NOBODY, socket, `{"status":${status}}\n`)
    expect(await dumpAs(NOBODY, temporary, '--status', PID)).toEqual({
      code: 1,
      stdout: `${PID}: it has ended, or does not answer as it should: look at its files\n`,
      stderr: '',
    })
  })

  test('gives up a recorder that says nothing; one that is at work says so, and is waited for', async () => {
    const folder = join(dir, 'work')
    mkdirSync(folder)
    const words = ['record', '-q', '--last', '10s', '-w', join(folder, 'x.ksys'), '--no-container-metadata']
    const child = spawn(process.execPath, [main, ...words], { cwd: root, stdio: 'ignore' })
    ends(child)
    const pid = String(child.pid)
    await until(() => ksys(['dump', '--status', pid]).code === 0)
    const said: string[] = []
    const asked = createConnection(`/run/ksys/record-${pid}.sock`)
    asked.setEncoding('utf8').on('data', (text: string) => said.push(text))
    const answered = new Promise((done) => asked.once('close', done))
    asked.write(`${JSON.stringify({ ask: 'dump', after: 17e9 })}\n`)
    // more than the time for which a silent one is waited for
    expect(await dumpAs(0, tmpdir(), pid, '--after', '17s')).toEqual({
      code: 0,
      stdout: `${join(folder, 'x-000001.ksys')}\n`,
      stderr: '',
    })
    await answered
    expect(said.join('')).toMatch(/^\n+\{"dumped":"[^"\n]+"\}\n$/)
    child.kill('SIGSTOP')
    const [status, dumped] = await Promise.all([dumpAs(0, tmpdir(), '--status', pid), dumpAs(0, tmpdir(), pid)])
    expect(status).toEqual({ code: 1, stdout: `${pid}: it says nothing: it may be stopped, or hang\n`, stderr: '' })
    expect(dumped).toEqual({
      code: 1,
      stdout: '',
      stderr: `ksys: recorder ${pid} says nothing: it may be stopped, or hang\n`,
    })
    child.kill('SIGCONT')
    expect(ksys(['dump', pid, '--after', '0s']).code).toBe(0)
    child.kill('SIGINT')
    await until(() => child.exitCode !== null)
  })

  test('tells the whole path of a file that the recorder was given a relative name for', async () => {
    const folder = join(dir, 'relative')
    mkdirSync(folder)
    const words = ['record', '-q', '--last', '10s', '-w', 'x.ksys', '--no-container-metadata']
    const child = spawn(process.execPath, [main, ...words], { cwd: folder, stdio: 'ignore' })
    ends(child)
    const pid = String(child.pid)
    await until(() => ksys(['dump', '--status', pid]).code === 0)
    expect(ksys(['dump', pid, '--after', '0s'])).toMatchObject({
      code: 0,
      stdout: `${join(folder, 'x-000001.ksys')}\n`,
    })
    child.kill('SIGINT')
    await until(() => child.exitCode !== null)
  })
})
