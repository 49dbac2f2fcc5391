// Alerts to programs: lines on their input, without a shell or privileges, whatever the program does.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { OutputError } from '../../../../src/rules/outputs/spec.js'
import { root } from '../../../helpers/ksys.js'
import { openOne } from './open-one.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-program-'))
// programs run as nobody when root runs the tests
chmodSync(dir, 0o777)
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const asRoot = process.geteuid?.() === 0 && process.env.SUDO_UID === undefined
const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** Waits until a file has the expected content. */
async function until(path: string, what: RegExp): Promise<string> {
  for (let i = 0; i < 1000 && !what.test(read(path)); i++) await sleep(10)
  expect(read(path)).toMatch(what)
  return read(path)
}

test('one program that keeps running reads all alerts, a line each, and ends when its input ends', async () => {
  const file = join(dir, 'kept')
  const target = `sh -c 'echo began >> ${file}; cat >> ${file}; echo ended >> ${file}'`
  const { output, offer } = await openOne({ kind: 'program', target, keepAlive: true })
  for (const line of ['a', 'b "quoted"', 'c']) offer(line)
  await until(file, /c\n/)
  await output.close(5000)
  expect(read(file)).toBe('began\na\nb "quoted"\nc\nended\n')
  expect(output.stats).toMatchObject({ sent: 3, failed: 0 })
})

test('without keep_alive each alert starts a program of its own', async () => {
  const target = `sh -c 'cat > ${dir}/each.$$'`
  const { output, offer, settled } = await openOne({ kind: 'program', target })
  for (const line of ['a', 'b', 'c']) offer(line)
  await settled(3)
  const files = readdirSync(dir).filter((f) => f.startsWith('each.'))
  expect(files.map((f) => read(join(dir, f))).sort()).toEqual(['a\n', 'b\n', 'c\n'])
  expect(output.stats).toMatchObject({ sent: 3, failed: 0 })
})

test('arguments of a program are passed unchanged', async () => {
  const file = join(dir, 'words')
  const target = `sh -c 'printf "%s|" "$@" > ${file}' zero '$HOME' "a b" c\\ d`
  const { offer, settled } = await openOne({ kind: 'program', target })
  offer('x')
  await settled(1)
  expect(read(file)).toBe('$HOME|a b|c d|')
})

test.skipIf(!asRoot)(
  "root's programs run as nobody, without capabilities, groups or a way to regain them",
  async () => {
    const file = join(dir, 'rights')
    const target = `sh -c 'id -u > ${file}; id -G >> ${file}; grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status >> ${file}; env >> ${file}'`
    process.env.KSYS_TEST_SECRET = 'x'
    const { offer, settled } = await openOne({ kind: 'program', target })
    delete process.env.KSYS_TEST_SECRET
    offer('x')
    await settled(1)
    expect(read(file)).toMatch(/^65534\n65534\nCapEff:\s0+\nCapBnd:\s0+\nNoNewPrivs:\s1\n/)
    expect(read(file)).toContain('PATH=/usr/local/sbin:')
    expect(read(file)).not.toContain('KSYS_TEST_SECRET')
  },
)

const MODULES = pathToFileURL(`${root}.build/js/src/`).href
/** Opens the output, drops all privileges, and only then starts a program. */
const CONFINED = `
const { OUTPUT_KINDS } = await import('${MODULES}rules/outputs/kinds.js')
const { confine } = await import('${MODULES}source/privilege.js')
const channel = await OUTPUT_KINDS.program.open({ kind: 'program', target: process.argv[1] }, {})
confine({})
await channel.send([{ line: 'x' }], { abort: new AbortController().signal, trouble: () => {} })
process.exit()`

test.skipIf(!asRoot)('programs are started, and run as nobody, after privileges were dropped', () => {
  const file = join(dir, 'confined')
  const target = `sh -c 'id -u > ${file}; cat >> ${file}'`
  execFileSync(process.execPath, ['--input-type=module', '-e', CONFINED, target], { timeout: 30_000 })
  expect(read(file)).toBe('65534\nx\n')
})

test('a program that dies is restarted, with a growing delay, and alerts continue', async () => {
  const file = join(dir, 'dies')
  const target = `sh -c 'read -r line; echo "$line" >> ${file}; exit 3'`
  const { offer, problems: said, output } = await openOne({ kind: 'program', target, keepAlive: true })
  for (const line of ['a', 'b', 'c']) {
    offer(line)
    await until(file, new RegExp(`${line}\n`))
    await sleep(30)
  }
  expect(said).toEqual(['program cannot deliver alerts at present: it exited with code 3'])
  expect(output.stats.failed).toBe(0)
})

test('a program that always exits at once costs the alerts that it received, which is reported, and is not restarted in a tight loop', async () => {
  const { output, offer, settled } = await openOne({ kind: 'program', target: 'false', keepAlive: true })
  // more than a pipe holds: the program cannot have read it
  offer('x'.repeat(200_000))
  await settled(1)
  expect(output.takeLosses()).toMatchObject({
    failed: 1,
    reason: 'it exited with code 1, 3 times while receiving alerts',
  })
})

test('a program that reads nothing fills its queue; the excess is counted, and the end waits for a limited time', async () => {
  const { output, offer } = await openOne({ kind: 'program', target: 'sleep 1000', keepAlive: true, capacity: 100 })
  for (let i = 0; i < 400; i++) {
    offer('x'.repeat(2000))
    if (i % 50 === 0) await sleep(5)
  }
  expect(output.stats.dropped).toBeGreaterThan(100)
  await output.close(100)
  const { sent, dropped, failed, queued } = output.stats
  expect(sent + dropped + failed).toBe(400)
  expect(queued).toBe(0)
})

test('programs that were started for single alerts and keep running are ended at the end', async () => {
  const pids = join(dir, 'pids')
  const { output, offer } = await openOne({ kind: 'program', target: `sh -c 'echo $$ >> ${pids}; sleep 1000; true'` })
  offer('a')
  await until(pids, /\d\n/)
  await output.close(50)
  expect(output.stats.failed).toBe(1)
  const pid = Number(read(pids))
  onTestFinished(() => void rmSync(pids, { force: true }))
  for (let i = 0; i < 500 && existsSync(`/proc/${pid}`); i++) await sleep(10)
  expect(existsSync(`/proc/${pid}`)).toBe(false)
})

test('an exit code is reported', async () => {
  const { output, offer, settled } = await openOne({ kind: 'program', target: "sh -c 'exit 7'" })
  offer('a')
  await settled(1)
  expect(output.takeLosses()).toMatchObject({ failed: 1, reason: 'it exited with code 7' })
})

test.skipIf(process.geteuid?.() !== 0)('a program that others can change is not run', async () => {
  const file = join(dir, 'theirs.sh')
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 })
  chownSync(file, 1234, 1234)
  await expect(openOne({ kind: 'program', target: file })).rejects.toThrow(OutputError)
  await expect(openOne({ kind: 'program', target: file })).rejects.toThrow(/is not run: .*(another user|anyone can)/)
})
