// The command while it captures: its end, what it leaves behind, and commands that it runs.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { captureStarted, compile, somethingRuns } from '../helpers/live.js'

const main = join(root, '.build/js/src/main.js')
const dir = mkdtempSync(join(tmpdir(), 'ksys-command-'))

somethingRuns()
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Starts ksys, calls `act` once it captures, and returns its result. */
function running(
  args: string[],
  act: (pid: number) => void,
  file?: string,
): Promise<{ code: number | null; signal: string | null; err: string }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let err = ''
    child.stderr.on('data', (d) => {
      err += d
    })
    const go = () => act(child.pid as number)
    if (file === undefined) child.stdout.once('data', go)
    else void captureStarted(file).then(go, failed)
    child.stdout.resume()
    child.on('close', (code, signal) => done({ code, signal, err }))
  })
}

describe.skipIf(!privileged())('a live capture', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    test(`that gets ${signal} ends in order with code 0`, async () => {
      const end = await running([], (pid) => process.kill(pid, signal))
      expect(end).toMatchObject({ code: 0, signal: null })
    })

  test('to a file leaves a complete trace when it is interrupted', async () => {
    const file = join(dir, 'int.ksys')
    const end = await running(
      ['-w', file],
      (pid) => {
        for (let i = 0; i < 5; i++) execFileSync('true')
        process.kill(pid, 'SIGINT')
      },
      file,
    )
    expect(end).toMatchObject({ code: 0, signal: null })
    const read = ksys(['-r', file, '-n', '5'])
    expect(read).toMatchObject({ code: 0, stderr: '' })
    expect(read.stdout.trim().split('\n')).toHaveLength(5)
  })

  test('with a limit on events or seconds ends by itself', () => {
    expect(ksys(['-n', '10']).stdout.trim().split('\n')).toHaveLength(10)
    expect(ksys(['-q', '-M', '0.5', 'proc.name=nosuch']).code).toBe(0)
  })

  test('ends quietly when its reader closes the pipe', async () => {
    const shell = spawn('sh', ['-c', '"$0" "$1" | head -n 1; echo end >&2', process.execPath, main], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let err = ''
    shell.stderr.on('data', (d) => {
      err += d
    })
    await new Promise((done) => shell.once('close', done))
    expect(err).toBe('end\n')
  })

  test('prints the summary of a command', () => {
    const run = ksys(['-q', '-S', '--', 'sh', '-c', ': > /dev/null'])
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/^execve +\d+ /m)
  })
})

describe.skipIf(!privileged())('a command that is run and traced', () => {
  test('determines the exit code', () => {
    expect(ksys(['-q', '--', 'sh', '-c', 'exit 7']).code).toBe(7)
    expect(ksys(['-q', '--', 'true']).code).toBe(0)
  })

  test('that a signal ends gives exit code 128 plus its number', () => {
    expect(ksys(['-q', '--', 'sh', '-c', 'kill -9 $$']).code).toBe(137)
  })

  test('that cannot be run gives exit code 127 and a sentence', () => {
    const run = ksys(['--', join(dir, 'nosuch')])
    expect(run.code).toBe(127)
    expect(run.stderr).toContain('there is no such command')
  })

  test('that may not be executed gives the same, with what forbids it', () => {
    const landlock = compile(dir, 'landlock')
    const command = join(dir, 'forbidden')
    copyFileSync('/bin/true', command)
    const node = realpathSync(process.execPath)
    const run = spawnSync(landlock, [`/usr:${dirname(node)}`, node, main, '--', command], { encoding: 'utf8' })
    expect(run.stderr).toMatch(
      /^ksys: cannot run \S+: its permissions allow it, but its interpreter cannot be executed, or a security module forbids it\n$/,
    )
    expect(run.status).toBe(127)
    chmodSync(command, 0o600)
    expect(ksys(['--', command])).toEqual({
      code: 127,
      stdout: '',
      stderr: `ksys: cannot run ${command}: it is not executable\n`,
    })
  })

  test("has ksys's streams and is traced with its descendants only", () => {
    const run = ksys(['-p', '%proc.name %evt.type', 'evt.type=execve', '--', 'sh', '-c', 'cat; /bin/echo out >&2'], {
      input: Buffer.from('hello\n'),
    })
    expect(run.stdout).toContain('hello\n')
    expect(run.stderr).toBe('out\n')
    const names = new Set(
      run.stdout
        .split('\n')
        .filter((l) => l.endsWith(' execve'))
        .map((l) => l.split(' ')[0]),
    )
    names.delete('ksys')
    expect([...names].sort()).toEqual(['cat', 'echo', 'sh'])
  })

  test('that lets no event pass suggests a filter in the words of the user', () => {
    const { stderr } = ksys(['evt.type=open', '--', 'cat', '/etc/hostname'])
    expect(stderr).toMatch(/; try: evt\.type in \(open, openat\)\n$/)
  })

  test('continues when its trace has enough events', () => {
    const mark = join(dir, 'mark')
    writeFileSync(mark, '')
    const run = ksys(['-n', '1', '--', 'sh', '-c', `sleep 0.5; echo done > ${mark}; exit 3`])
    expect(run.code).toBe(3)
    expect(run.stdout.trim().split('\n')).toHaveLength(1)
  })

  test('does not mix its own output into a trace on standard output', () => {
    const r = ksys(['-w', '-', '--', 'echo', 'hello'])
    expect(r.code).toBe(2)
    expect(r.stdout).toBe('')
    expect(r.stderr).toMatch(/name a file with -w/)
  })
})

describe.skipIf(!privileged())('a format for a command', () => {
  test('may contain arguments of the call by name and position', () => {
    const run = ksys(['-p', '%evt.arg.name %evt.arg[1] %evt.rawarg.res', 'evt.type=access', '--', 'true'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toBe('/etc/ld.so.preload /etc/ld.so.preload -2\n')
  })
})
