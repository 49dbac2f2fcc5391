// Data that --no-buffers, --no-env and --no-args omit never leave the kernel, and captures with rules contain no secret.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { rowEnd } from '../../src/model/batch.js'
import { ACTIONS } from '../../src/redact/redaction.js'
import { LiveSource } from '../../src/source/live.js'
import { everything } from '../../src/source/plan.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'
import { unpacked } from '../helpers/unpacked.js'

/** A program with a secret in its environment, its arguments, the data that it writes, and the arguments of an exec that fails. */
const SCRIPT =
  'echo hunter7-data >/dev/null; sleep 0.1; /bin/true hunter7-args; env FAILED=hunter7-env /nonexistent hunter7-args'
const ENV = { ...process.env, TOKEN: 'hunter7-env' }
const SECRETS = ['hunter7-env', 'hunter7-args', 'hunter7-data']

describe.skipIf(!privileged())('a live capture', () => {
  const dir = scratchDir('privacy')
  const spare = { noBuffers: true, noEnv: true, noArgs: true }

  /** All bytes that the kernel side sent while the script ran, and of the existing state. */
  async function recordedBytes(spared: typeof spare | undefined): Promise<string> {
    const before = spawn('sh', ['-c', 'sleep 20; : hunter7-args'], { env: ENV, stdio: 'ignore' })
    const source = new LiveSource({ plan: { ...everything(process.pid, spared ? 0 : 80), spare: spared } })
    try {
      const { threads } = await source.snapshot()
      const own = [...threads].filter((t) => t.tid === before.pid)
      let text = JSON.stringify(own, (_, v) => (typeof v === 'bigint' ? String(v) : v))
      expect(own).toHaveLength(1)
      const script = spawn('sh', ['-c', SCRIPT], { env: ENV, stdio: 'ignore' })
      void new Promise((resolve) => script.on('exit', resolve)).then(() => sleep(300)).then(() => source.stop())
      for (let b = await source.next(); b !== undefined; b = await source.next())
        for (let i = 0; i < b.count; i++)
          text += Buffer.from(b.arena.subarray(b.argOff[i], rowEnd(b, i))).toString('latin1')
      return text
    } finally {
      await source.close()
      before.kill('SIGKILL')
    }
  }

  test('records none of the omitted data: neither in rows nor in the existing state', async () => {
    const all = await recordedBytes(undefined)
    for (const secret of SECRETS) expect([secret, all.includes(secret)]).toEqual([secret, true])
    const without = await recordedBytes(spare)
    expect(without).toContain('/bin/true')
    for (const secret of SECRETS) expect([secret, without.includes(secret)]).toEqual([secret, false])
  })

  /** The data that a program of test/live/programs/private.c passes to the kernel, and the names next to them. */
  const GIVEN =
    'md5 fastopen tls-key alg-key payload update callout mount string binary module file-module command'.split(' ')
  const NAMES = 'congestion device key requested source target password binary path of-path'.split(' ')
  const ALL = ['--no-buffers', '--no-env', '--no-args']

  /** Bytes of rows that the kernel side writes while the program runs. */
  async function rowsOf(exe: string, spared: typeof spare | undefined): Promise<string> {
    const source = new LiveSource({ plan: { ...everything(process.pid, spared ? 0 : 80), spare: spared } })
    let text = ''
    try {
      await source.snapshot()
      const program = spawn(exe, { stdio: 'ignore' })
      void new Promise((resolve) => program.on('exit', resolve)).then(() => sleep(300)).then(() => source.stop())
      for (let b = await source.next(); b !== undefined; b = await source.next())
        for (let i = 0; i < b.count; i++)
          text += Buffer.from(b.arena.subarray(b.argOff[i], rowEnd(b, i))).toString('latin1')
    } finally {
      await source.close()
    }
    return text
  }

  test('has no keys, passwords and options in rows of the kernel side, and all names', async () => {
    const exe = compile(dir, 'private')
    const whole = await rowsOf(exe, undefined)
    expect(GIVEN.filter((word) => !whole.includes(`hunter7-${word}`))).toEqual([])
    const without = await rowsOf(exe, spare)
    expect(without).not.toContain('hunter7')
    expect(NAMES.filter((word) => !without.includes(`name-${word}`))).toEqual([])
  })

  test('has none of them in a file that is redacted later, of whatever format', async () => {
    const [whole, out, scap] = ['given.ksys', 'kept.ksys', 'kept.scap'].map((n) => join(dir, n)) as [
      string,
      string,
      string,
    ]
    ksys(['-w', whole, '--', compile(dir, 'private')])
    const bytes = await unpacked(whole)
    expect(GIVEN.filter((word) => !bytes.includes(`hunter7-${word}`))).toEqual([])
    expect(ksys(['redact', whole, '-w', out, ...ALL]).code).toBe(0)
    expect(ksys(['-r', whole, '-w', scap, ...ALL]).code).toBe(0)
    for (const file of [out, scap]) {
      const contents = await unpacked(file)
      expect([file, contents.includes('hunter7')]).toEqual([file, false])
      // files of other tools lack calls that these tools do not know
      const names = file === out ? NAMES : ['congestion', 'device', 'source', 'path']
      expect(names.filter((word) => !contents.includes(`name-${word}`))).toEqual([])
    }
    expect(ksys(['-r', whole, '-j', ...ALL]).stdout).not.toContain('hunter7')
    // numbers and what they select remain
    expect(ksys(['-r', out, '-p', '%evt.args', 'evt.type=setsockopt']).stdout).toContain('optname=14(TCP_MD5SIG)')
  })

  test('omits the results of statmount, mount options included, together with the data', ({ skip }) => {
    const exe = compile(dir, 'private')
    const file = join(dir, 'statmount.ksys')
    const args = ['-p', '%evt.args', 'evt.type=statmount']
    ksys(['-w', file, 'evt.type=statmount', '--', exe])
    const whole = ksys(['-r', file, ...args]).stdout
    if (whole.includes('ENOSYS') || whole === '') return skip()
    expect(whole).toMatch(/ buf=\{.*mnt_point="\/"/)
    const without = [ksys(['--no-buffers', ...args, '--', exe]), ksys(['-r', file, '--no-buffers', ...args])]
    for (const { stdout } of without) expect(stdout).toContain(' buf=NULL ')
  })

  /** A program reads an environment and a command line of /proc, in one call and in parts. */
  const READS = 'exec 3</proc/self/environ; dd bs=4096 <&3; cat /proc/self/environ /proc/self/cmdline : hunter7-args'
  const READ = ['-p', '%evt.buffer', 'evt.type=read and (fd.name endswith /environ or fd.name endswith /cmdline)']
  const READER = [
    '--',
    'env',
    '-i',
    'PATH=/usr/bin:/bin',
    'TOKEN=hunter7-env',
    'sh',
    '-c',
    `{ ${READS}; } >/dev/null 2>&1`,
  ]

  test('omits environments and command lines read from /proc together with these, live and from a file', () => {
    const whole = join(dir, 'reads.ksys')
    ksys(['-w', whole, '-s', '1000', ...READER])
    const read = (...options: string[]) => ksys(['-r', whole, ...options, ...READ]).stdout
    const live = (option: string) => {
      const file = join(dir, `reads${option}.ksys`)
      ksys(['-w', file, '-s', '1000', option, ...READER])
      return ksys(['-r', file, ...READ]).stdout
    }
    expect(read()).toContain('hunter7-env')
    expect(read()).toContain('hunter7-args')
    for (const told of [read('--no-env'), live('--no-env')]) {
      expect(told).not.toContain('hunter7-env')
      expect(told).toContain('hunter7-args')
    }
    for (const told of [read('--no-args'), live('--no-args')]) {
      expect(told).toContain('hunter7-env')
      expect(told).not.toContain('hunter7-args')
    }
  })

  test('omits the environment if another file has replaced its descriptor before the read returns', async () => {
    const program = ['--', 'env', '-i', 'TOKEN=hunter7-env', compile(dir, 'swapped_file')]
    const [whole, live, later] = ['', '-live', '-later'].map((name) => join(dir, `swapped${name}.ksys`)) as [
      string,
      string,
      string,
    ]
    const { code } = ksys(['-w', whole, '-s', '1000', 'evt.type=read', ...program])
    expect(code).toBe(0)
    ksys(['-w', live, '-s', '1000', '--no-env', 'evt.type=read', ...program])
    ksys(['redact', whole, '-w', later, '--no-env'])
    const buffersOf = (file: string) => ksys(['-r', file, '-p', '%evt.buffer', 'evt.type=read']).stdout
    expect(buffersOf(whole)).toContain('hunter7-env')
    for (const file of [live, later])
      expect([file, buffersOf(file)]).toEqual([file, expect.not.stringContaining('hunter7')])
  })

  test('applies a rule for names of descriptors to existing memfds', async () => {
    const script = 'import os, time; m = os.memfd_create("hunter7-memfd"); print(m, flush=True); time.sleep(60)'
    const program = spawn('python3', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(program.stdout, 'data')
      const whole = join(dir, 'memfd.ksys')
      ksys(['-w', whole, '--no-args', '--', 'true'])
      expect((await unpacked(whole)).includes('hunter7-memfd')).toBe(true)
      for (const action of ACTIONS) {
        const rules = join(dir, `memfd-${action}`)
        writeFileSync(rules, `fd.name ${action}\n`)
        const [live, later] = ['live', 'later'].map((n) => join(dir, `${action}-${n}.ksys`)) as [string, string]
        ksys(['-w', live, '--no-args', '--redact', rules, '--', 'true'])
        ksys(['redact', whole, '-w', later, '--redact', rules])
        for (const file of [live, later])
          expect([file, (await unpacked(file)).includes('hunter7-memfd')]).toEqual([file, false])
      }
    } finally {
      program.kill('SIGKILL')
    }
  })

  test('names no cgroup at its end that rules mask', async () => {
    const rules = join(dir, 'cgroups')
    writeFileSync(rules, 'thread.cgroups mask\n')
    const loop = ['--', 'dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', 'count=300000', 'status=none']
    const run = (...options: string[]) => ksys(['-n', '50', '--max-calls', '100', ...options, ...loop]).stderr
    expect(run()).toMatch(/only counted because of --max-calls \([\d.]+ %\): \/(?!\*\*\* )/)
    expect(run('--redact', rules)).toMatch(
      /only counted because of --max-calls \([\d.]+ %\): \/\*\*\* [\d,]+ in [\d.]+ s$/m,
    )
  })

  test('has no secret in its file, but all calls', async () => {
    const trace = join(dir, 'spared.ksys')
    const ran = ksys([
      '-w',
      trace,
      '--no-buffers',
      '--no-env',
      '--no-args',
      '--',
      'env',
      'TOKEN=hunter7-env',
      'sh',
      '-c',
      SCRIPT,
    ])
    expect(ran.stderr).not.toContain('unexpected')
    const bytes = await unpacked(trace)
    for (const secret of SECRETS) expect([secret, bytes.includes(secret)]).toEqual([secret, false])
    const execs = ksys(['-r', trace, '-p', '%evt.res %proc.exe %proc.args', 'evt.type=execve']).stdout
    expect(execs).toContain('SUCCESS /bin/true \n')
    expect(execs).toContain('ENOENT')
    expect(ksys(['-r', trace, 'evt.buffer exists']).stdout).toBe('')
  })

  test('and rules are evaluated on redacted values, in output and file', async () => {
    const rules = join(dir, 'rules')
    writeFileSync(rules, '* mask /hunter7-\\w+/\nfd.name hash /^\\/dev\\/(null)/\n')
    const trace = join(dir, 'rules.ksys')
    const command = ['--', 'env', 'TOKEN=hunter7-env', 'sh', '-c', SCRIPT]
    ksys(['-w', trace, '--redact', rules, ...command])
    expect((await unpacked(trace)).includes('hunter7')).toBe(false)
    const opened = ksys(['-r', trace, '-p', '%fd.name', 'evt.type=openat and fd.name startswith "/dev/#"']).stdout
    expect(opened).toMatch(/^\/dev\/#[\da-f]{12}$/m)
    const printed = ksys(['--redact', rules, 'evt.buffer contains "***-data" or evt.buffer contains "**"', ...command])
    expect(printed.stdout).toContain('**')
    expect(printed.stdout).not.toContain('hunter7')
  })
})
