// Seccomp profiles in use: a workload is recorded, its profile is applied by docker, and the same load must run without a refused call,
// while an attacker's calls fail. `npm run advise` runs all workloads, `npm test` the quick ones.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { Capture } from './capture.js'
import { freePort, Runtime, WEB_IMAGE } from './runtimes.js'
import { type Load, mountsFor, WORKLOADS, type Workload } from './workloads.js'

const ALL = process.env.KSYS_ADVISE === 'all'
/** the calls that attack.c attempts */
const ATTACKS = ['mount', 'ptrace', 'unshare', 'setns', 'keyctl', 'bpf', 'kexec_load', 'socket']
const EPERM = 1

interface Missing {
  readonly name: string
  readonly program: string
  readonly fallback: boolean
  readonly add: boolean
  /** answered with ENOSYS, as the profile says */
  readonly absent: boolean
}

describe.skipIf(!privileged())('a profile in use', () => {
  const dir = scratchDir('advise')
  let runtime: Runtime
  let attack = ''

  beforeAll(() => {
    runtime = Runtime.up('docker')
    attack = join(dir, 'attack')
    execFileSync('cc', ['-static', '-O1', '-o', attack, join(root, 'test/container/attack.c')])
  }, 200_000)
  afterAll(() => runtime?.down())
  afterAll(() => Capture.stopAll())

  /** Runs a load of a workload to its end; its output. within: is called while a server runs. */
  async function run(w: Workload, load: Load, options: readonly string[], within = () => {}): Promise<string> {
    const port = await freePort()
    const all = ['--name', w.name, '--network=host', ...mountsFor(w), '-v', `${attack}:/attack:ro`, ...options]
    const command = [WEB_IMAGE, ...w.command(port, load)]
    if (w.query === undefined) {
      const [file, ...args] = runtime.command('run', '--rm', ...all, ...command)
      const { stdout } = spawnSync(file as string, args, { env: runtime.env, encoding: 'utf8' })
      // one that could not start may remain
      const [remove, ...name] = runtime.command('rm', '-f', w.name)
      spawnSync(remove as string, name, { env: runtime.env })
      return stdout
    }
    runtime.cli('run', '-d', ...all, ...command)
    try {
      const answer = await w.query(port, load)
      within()
      return answer
    } finally {
      runtime.cli('stop', '-t', '2', w.name)
      runtime.cli('rm', '-f', w.name)
    }
  }

  /** Records what happens in the workload's container; the trace. */
  async function recorded(name: string, w: Workload, action: () => Promise<unknown>): Promise<string> {
    const trace = join(dir, `${name}.ksys`)
    const capture = await Capture.into(trace, [...runtime.options, `container.name=${w.name}`])
    await action()
    await capture.stop()
    return trace
  }

  function profileOf(w: Workload, trace: string): string {
    const file = join(dir, `${w.name}.json`)
    const made = ksys(['advise', 'seccomp', `container.name=${w.name}`, '-r', trace, '--enforce', '-w', file])
    expect(made.code, made.stderr).toBe(0)
    expect(made.stderr).toMatch(/1 start by runc, with a filter/)
    return file
  }

  function missing(profile: string, trace: string, ...filter: string[]): Missing[] {
    const { stdout, code } = ksys(['advise', 'heal', profile, '-j', '-r', trace, ...filter])
    expect(code).toBe(0)
    return stdout === ''
      ? []
      : stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Missing)
  }

  const tested = WORKLOADS.filter((w) => w.quick === true || ALL)

  test.each(tested)(
    '$name: the recorded load runs as before with no refused call',
    async (w) => {
      if (w.program !== undefined && !existsSync(w.program))
        execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...(w.packages ?? '').split(' ')])
      let before = ''
      const first = await recorded(`${w.name}-1`, w, async () => {
        before = await run(w, 'recorded', [])
      })
      expect(before).not.toBe('')
      const profile = profileOf(w, first)
      // a trace has the calls in flight of other containers too
      expect(ksys(['advise', 'check', profile, '-r', first, `container.name=${w.name}`])).toMatchObject({
        code: 0,
        stdout: '',
      })
      const enforced = ['--security-opt', `seccomp=${profile}`]
      const second = await recorded(`${w.name}-2`, w, async () => {
        for (let i = 0; i < 2; i++) expect(await run(w, 'recorded', enforced)).toBe(before)
      })
      expect(missing(profile, second, `container.name=${w.name}`).filter((m) => !m.absent)).toEqual([])
      const third = await recorded(`${w.name}-3`, w, () => run(w, 'held back', enforced))
      const names = new Set(missing(profile, third).map(({ name }) => name))
      const { syscalls } = JSON.parse(readFileSync(profile, 'utf8')) as { syscalls: { names: string[] }[] }
      const size = new Set(syscalls.flatMap(({ names: n }) => n)).size
      console.log(
        `${w.name}: ${size} names in rules; a load that was held back lacks ${[...names].join(' ') || 'none'}`,
      )
    },
    300_000,
  )

  test('calls of an attacker are refused, and healing does not add them', async () => {
    const w = WORKLOADS.find(({ name }) => name === 'httpd') as Workload
    const profile = profileOf(w, await recorded('attack-1', w, () => run(w, 'recorded', [])))
    let said = ''
    const trace = await recorded('attack-2', w, () =>
      run(w, 'recorded', ['--security-opt', `seccomp=${profile}`], () => {
        said = runtime.cli('exec', w.name, '/attack')
      }),
    )
    expect(said.split('\n')).toEqual(ATTACKS.map((name) => `${name} ${EPERM}`))
    const refused = missing(profile, trace, 'proc.name=attack')
    for (const name of ATTACKS) expect(refused.map((m) => m.name)).toContain(name)
    expect(refused.filter((m) => m.add && ATTACKS.includes(m.name))).toEqual([])
    const allowed = ksys(['advise', 'heal', profile, '-r', trace, '--allow', 'mount']).stdout
    expect(allowed).toMatch(/^ {2}\{"names":\[.*"mount".*\],"action":"SCMP_ACT_ALLOW"\}$/m)
    expect(allowed).toContain('--allow ptrace adds it')
  }, 120_000)

  test('a live run has probes, leaves out a terminal, and knows a stop by SIGTERM', async () => {
    const file = join(dir, 'live.json')
    const capture = await Capture.printing(
      ['advise', 'seccomp', ...runtime.options, 'container.name=live', '-w', file],
      () => {},
      () => existsSync(`${file}.part`),
    )
    const loop = 'trap "exit 0" TERM; while :; do sleep 0.1; done'
    const name = ['--name', 'live', '--network=host', '-e', 'TERM=dumb']
    // the capture may not be attached yet: what counts is a start that it has seen
    for (let i = 0; i < 3; i++) {
      runtime.cli('run', '-d', ...name, WEB_IMAGE, '/bin/sh', '-c', loop)
      runtime.cli('exec', 'live', '/bin/mkdir', `/tmp/${i}`)
      runtime.cli('exec', '-t', 'live', '/bin/busybox', 'rmdir', `/tmp/${i}`)
      runtime.cli('stop', '-t', '5', 'live')
      runtime.cli('rm', '-f', 'live')
      // the filter excludes it, although its start is observed
      runtime.cli('run', '--rm', '--name', 'another', '--network=host', WEB_IMAGE, '/bin/true')
    }
    await capture.stop()
    expect(capture.stderr).toMatch(/^RuntimeDefault suffices for container live: it allows every recorded call\.$/m)
    expect(capture.stderr).toMatch(/by runc, with a filter/)
    expect(capture.stderr).toMatch(/^Started in the container, like probes and hooks, and allowed: mkdir\.$/m)
    expect(capture.stderr).toMatch(/^Started in the container with a terminal, and left out: busybox\./m)
    expect(capture.stderr).not.toMatch(/Not recorded: .*SIGTERM/)
    const allowed = readFileSync(file, 'utf8')
    expect([allowed.includes('"mkdir"'), allowed.includes('"rmdir"')]).toEqual([true, false])
  }, 120_000)

  test('calls taken out at random are found again by repeated runs', async () => {
    const w = WORKLOADS.find(({ name }) => name === 'busybox') as Workload
    const first = await recorded('heal-1', w, () => run(w, 'recorded', []))
    const file = profileOf(w, first)
    const whole = JSON.parse(readFileSync(file, 'utf8')) as { syscalls: { names: string[] }[] }
    // without the program's start, a container cannot begin
    const possible = [
      'mkdir',
      'getdents64',
      'getgroups',
      'getegid',
      'geteuid',
      'dup2',
      'sendfile',
      'ioctl',
      'getgid',
      'getuid',
    ]
    const recordedNames = new Set(whole.syscalls.flatMap(({ names }) => names))
    const removed = possible.filter((name) => recordedNames.has(name) && Math.random() < 0.7)
    const without = (names: readonly string[]) =>
      writeFileSync(
        file,
        JSON.stringify({
          ...whole,
          syscalls: whole.syscalls
            .map((r) => ({ ...r, names: r.names.filter((name) => !names.includes(name)) }))
            .filter((r) => r.names.length > 0),
        }),
      )
    const found = new Set<string>()
    for (let round = 0; round < removed.length + 1; round++) {
      const open = removed.filter((name) => !found.has(name))
      without(open)
      const trace = await recorded(`heal-${round + 2}`, w, () =>
        run(w, 'recorded', ['--security-opt', `seccomp=${file}`]),
      )
      const now = missing(file, trace)
      for (const m of now) if (!removed.includes(m.name)) expect(m).toMatchObject({ fallback: true })
      const before = found.size
      for (const m of now) found.add(m.name)
      if (found.size === before) break
    }
    expect(removed.filter((name) => !found.has(name))).toEqual([])
  }, 300_000)
})
