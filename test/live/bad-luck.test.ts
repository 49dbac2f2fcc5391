// Hostile programs and adverse conditions: a sensible row for each call, no raw bytes on the terminal, no loss before the end.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { captureStarted, claims, compile, readRows, scratchDir, unfulfilled } from '../helpers/live.js'

const dir = scratchDir('bad-luck')
const FIELDS = ['evt.type', 'evt.rawres', 'evt.args', 'proc.name', 'proc.cmdline', 'fd.name', 'proc.args']

/** Control characters other than the line end. */
function rawControls(text: string): string[] {
  return [...new Set(text.match(/[\0-\x09\x0b-\x1f\x7f-\x9f]/g) ?? [])]
}

/** The BPF programs, maps and links that a process holds, such as prog:12. */
function inKernel(pid: number): string[] {
  const objects = readdirSync(`/proc/${pid}/fdinfo`).map((fd) => {
    try {
      return readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')
    } catch {
      return '' // it was closed meanwhile
    }
  })
  const ids = objects.flatMap((text) => [...text.matchAll(/^(prog|map|link)_id:\s*(\d+)$/gm)])
  return [...new Set(ids.map(([, kind, id]) => `${kind}:${id}`))]
}

describe.skipIf(!privileged())('under adverse conditions', () => {
  test('hostile arguments and names: every call has its row, and none of them controls the terminal', () => {
    const exe = compile(dir, 'hostile')
    const account = join(dir, 'said')
    const trace = join(dir, 'hostile.ksys')
    expect(ksys(['-w', trace, '--', exe], { env: { SAID: account } })).toMatchObject({ code: 0, stderr: '' })
    const rows = readRows(trace, FIELDS)
    const calls = claims(account)
    expect(calls.length).toBeGreaterThan(250)
    expect(unfulfilled(calls, rows).join('\n')).toBe('')
    const again = rows.filter((r) => String(r['proc.args']).startsWith('again'))
    expect(again.length).toBeGreaterThan(10)

    const everything = `*${FIELDS.map((f) => `%${f}`).join(' ')}`
    for (const args of [
      ['-r', trace, '-p', everything],
      ['-r', trace, '-v'],
      ['-p', everything, '--', exe],
    ]) {
      const text = ksys(args, { env: { SAID: '/dev/null' } })
      expect(text.code).toBe(0)
      expect(rawControls(text.stdout)).toEqual([])
    }
    const lines = ksys(['-r', trace, '-p', everything]).stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(rows.length)
  })

  test('a profiler with constant interrupts does not prevent a capture from starting', () => {
    // Node writes the profile at the end, when ksys is nobody
    chmodSync(dir, 0o777)
    const profiler = ['--cpu-prof', '--cpu-prof-interval', '50', '--cpu-prof-dir', dir]
    const run = spawnSync(process.execPath, [...profiler, main, '-q', '--', '/bin/true'], { timeout: 60_000 })
    expect(run.stderr.toString()).toBe('')
    expect(run.status).toBe(0)
  })

  test('a writer that is killed loses only the last second, and leaves nothing in the kernel', async () => {
    const trace = join(dir, 'killed.ksys')
    // other tests run /bin/true, too
    const program = join(dir, 'ends')
    copyFileSync('/bin/true', program)
    const writer = spawn(process.execPath, [main, '-w', trace], { stdio: 'ignore' })
    onTestFinished(() => void writer.kill('SIGKILL'))
    const ended = new Promise((done) => writer.on('close', done))
    const seen = () => ksys(['-r', trace, '-p', '%evt.type', `proc.exepath=${program} and evt.type=execve`])
    await captureStarted(trace)
    execFileSync(program)
    await expect.poll(() => seen().stdout.trim(), { timeout: 30_000 }).toBe('execve')
    const held = inKernel(writer.pid as number)
    const there = () => execFileSync(compile(dir, 'in_kernel'), held, { encoding: 'utf8', timeout: 10_000 })
    expect(there().trimEnd().split('\n')).toEqual(held)
    writer.kill('SIGKILL')
    await ended
    await expect.poll(there, { timeout: 30_000 }).toBe('')
    const read = seen()
    expect(read.stdout.trim()).toBe('execve')
    expect(read.stderr).toContain('it has no end')
  })

  test('a full disk is reported, and the written part can be read', () => {
    const small = join(dir, 'small')
    mkdirSync(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small])
    try {
      const trace = join(small, 'full.ksys')
      const load = 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); cat </dev/null /etc/passwd >/dev/null; done'
      const ran = ksys(['-w', trace, '--', 'sh', '-c', load])
      expect(ran.code).not.toBe(0)
      expect(ran.stderr).toMatch(/full|space/i)
      expect(ksys(['-r', trace, '-n', '3']).stdout.trim().split('\n')).toHaveLength(3)
    } finally {
      execFileSync('umount', ['-l', small])
    }
  })

  test('without the right to capture there is one sentence, and exit code 3', () => {
    const cmd = `exec capsh --drop=cap_bpf,cap_sys_admin,cap_perfmon -- -c '"${process.execPath}" "${main}" -n 1'`
    let code = 0
    let err = ''
    try {
      execFileSync('sh', ['-c', cmd], { stdio: 'pipe', encoding: 'utf8' })
    } catch (e) {
      const failed = e as { status: number; stderr: string }
      code = failed.status
      err = failed.stderr
    }
    expect(code).toBe(3)
    expect(err).toMatch(/CAP_|root|privilege/)
    expect(err).not.toMatch(/\n\s+at /)
  })
})
