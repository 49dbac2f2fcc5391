// Standard streams that are closed, or cannot be written: every command ends with a sentence if a stream is available for
// it, and with the documented exit code.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, main, privileged, type Ran, root } from '../helpers/ksys.js'
import { captureStarted, scratchDir, somethingRuns } from '../helpers/live.js'

const dir = scratchDir('streams')
const SHELL = join(root, 'captures/shell.ksys')
const TRACE = join(dir, 'trace.ksys')
const FULL = 'ksys: standard output cannot be written: there is no space left on its disk\n'

/** Runs ksys with redirections of a shell, such as `>&-`. */
function redirected(args: string[], redirections: string): Ran {
  const r = spawnSync('sh', ['-c', `exec "$@" ${redirections}`, 'sh', process.execPath, main, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { stdout: r.stdout, stderr: r.stderr, code: r.status ?? -1 }
}

const ANSWERS = [
  ...['--version', '--help', '--man', '-l', '-L', '-cl', '-i topprocs_cpu', '-p p', 'ui --help', 'info --host'],
  ...['--completion bash', '--explain evt.type=open', 'info FILE', '-r FILE', '-r FILE -j', '-r FILE -c topprocs_cpu'],
  '-r FILE -q -S',
]
const CAPTURES = ['-n 5', '--inflight', '-c topprocs_cpu -M 1', '-q -S -n 5']
const words = (line: string) => line.split(' ').map((word) => (word === 'FILE' ? SHELL : word))

describe('a full standard output ends with a sentence and its exit code', () => {
  test.each(ANSWERS)('ksys %s', (line) => {
    expect(redirected(words(line), '>/dev/full')).toEqual({ code: 6, stdout: '', stderr: FULL })
  })

  describe.skipIf(!privileged())('of a capture', () => {
    somethingRuns()
    test.each(CAPTURES)('ksys %s', (line) => {
      expect(redirected(words(line), '>/dev/full')).toEqual({ code: 6, stdout: '', stderr: FULL })
    })

    test('ksys -w -', () => {
      const { code, stderr } = redirected(['-w', '-', '-M', '1'], '>/dev/full')
      expect([code, stderr]).toEqual([
        6,
        expect.stringMatching(/^ksys: standard output cannot be written[^\n]*full\n$/),
      ])
    })
  })
})

describe('a full standard error', () => {
  const without = ksys(['-r', SHELL, '-v', '-n', '3'])

  test.each(['2>/dev/full', '2>&-'])('changes neither the data nor the exit code: %s', (to) => {
    expect(redirected(['-r', SHELL, '-v', '-n', '3'], to)).toEqual({ code: 0, stdout: without.stdout, stderr: '' })
    expect(redirected(['-r', join(dir, 'none.ksys')], to)).toEqual({ code: 4, stdout: '', stderr: '' })
    expect(redirected(['-r', SHELL, '--nonsense'], to)).toEqual({ code: 2, stdout: '', stderr: '' })
  })

  test('may lose its reader', () => {
    const run = `{ { sleep 0.3; exec "$@"; } 2>&1 >&3 | :; } 3>&1; echo "ended \${PIPESTATUS[0]}"`
    const ran = [process.execPath, main, '-r', SHELL, '-v', '-n', '3']
    const { stdout } = spawnSync('bash', ['-c', run, 'bash', ...ran], { encoding: 'utf8' })
    expect(stdout).toBe(`${without.stdout}ended 0\n`)
  })

  test('does not hide the exit code for data that cannot be written either', () => {
    expect(redirected(['-r', SHELL], '>/dev/full 2>/dev/full')).toMatchObject({ code: 6 })
  })
})

describe('closed streams', () => {
  test.each(['<&-', '<&- >&-', '<&- 2>&-', '<&- >&- 2>&-'])('do not prevent a file from being read: %s', (closed) => {
    const { stdout } = ksys(['-r', SHELL, '-n', '3'])
    const seen = redirected(['-r', SHELL, '-n', '3'], closed)
    expect(seen).toEqual({
      code: 0,
      stdout: closed.includes('>&- ') || closed.endsWith(' >&-') ? '' : stdout,
      stderr: '',
    })
  })

  test('include standard input, which then counts as empty', () => {
    expect(redirected(['-r', '-'], '<&-')).toEqual({ code: 4, stdout: '', stderr: 'ksys: standard input is empty\n' })
    expect(redirected(['ui'], '<&-')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^ksys: the UI needs a terminal/),
    })
  })

  test.skipIf(!privileged()).each(['<&-', '>&-', '2>&-', '<&- >&- 2>&-'])(
    'do not prevent a capture from being written: %s',
    (closed) => {
      rmSync(TRACE, { force: true })
      expect(redirected(['-w', TRACE, '--', '/bin/true'], closed)).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(existsSync(TRACE)).toBe(true)
      expect(ksys(['-r', TRACE, '-p', '%proc.name', 'evt.type=execve'])).toEqual({
        code: 0,
        stdout: 'true\n',
        stderr: '',
      })
    },
  )
})

test.skipIf(!privileged())(
  '--until-eof: a capture ends in order with its standard input, which may have any contents',
  async () => {
    rmSync(TRACE, { force: true })
    const child = spawn(process.execPath, [main, '--no-container-metadata', '--until-eof', '-w', TRACE], {
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (text) => {
      errors += text
    })
    await captureStarted(TRACE)
    child.stdin.write('nothing that matters\n')
    execFileSync('/bin/true')
    child.stdin.end()
    expect([(await once(child, 'close'))[0], errors]).toEqual([0, ''])
    const { damage } = JSON.parse(ksys(['info', '-j', TRACE]).stdout) as { damage?: unknown[] }
    expect(damage ?? []).toEqual([])
    const ours = `evt.type=execve and proc.name=true and proc.ppid=${process.pid}`
    expect(ksys(['-r', TRACE, '-p', '%proc.name', ours]).stdout).toBe('true\n')
  },
)
