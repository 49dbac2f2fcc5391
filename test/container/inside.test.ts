// ksys in containers of podman: as in the manifest for Kubernetes (except AppArmor), and without what it needs. A container's program runs
// from the host's tree, which is mounted there anyway.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { main, privileged, root } from '../helpers/ksys.js'
import { Runtime, WEB_IMAGE } from './runtimes.js'

const NODE = realpathSync(process.execPath)
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu'].map((dir) => `/host${dir}`).join(':')
/** ksys of the host's tree as the container sees it, started by the host's loader. */
const KSYS = [
  '/host/lib64/ld-linux-x86-64.so.2',
  '--library-path',
  LIBRARIES,
  `/host${NODE}`,
  `/host${realpathSync(main)}`,
]
const DEPLOY = join(root, 'src/container/deploy')
/** CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH */
const RIGHTS = (1n << 39n) | (1n << 38n) | (1n << 19n) | (1n << 2n)
const HOST = ['-v', '/:/host:ro,rslave', '--network=none']
const WORKS = 'while :; do id >/dev/null; sleep 0.1; done'
/** ms after which absent lines are considered missing */
const LONG = 90_000

/** The state of processes with these words: state, user and kernel ticks, threads, and where each of these waits. */
function statesOf(words: readonly string[]): string {
  const has = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1')
    } catch {
      return ''
    }
  }
  return readdirSync('/proc')
    .filter((pid) => has(pid, 'cmdline').endsWith(`\0${words.join('\0')}\0`))
    .map((pid) => {
      const stat = has(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []
      const waits = readdirSync(`/proc/${pid}/task`).map((tid) => has(pid, `task/${tid}/wchan`))
      return `${pid} ${stat[0]} ${stat[11]}+${stat[12]} ${waits.join(' ')}`
    })
    .join('\n')
}

describe.skipIf(!privileged())('ksys in a container', () => {
  let podman: Runtime
  let options: string[] = []

  beforeAll(() => {
    podman = Runtime.up('podman')
    options = ['--docker-host', `unix:///host${podman.socket}`]
    podman.cli('run', '-d', '--name', 'works', '--network=none', '--user=keeper', WEB_IMAGE, '/bin/sh', '-c', WORKS)
  }, 120_000)

  afterAll(() => podman.down())
  afterEach(() => podman.cli('pod', 'rm', '--force', '--ignore', '--time=0', 'ksys-once'))

  /** Captures in the container until it has printed this number of lines; `drive` is repeated until then. */
  async function lines(container: string, words: string[], drive = () => {}): Promise<{ out: string; err: string }> {
    const [shell, ...args] = podman.command('exec', container, ...KSYS, ...options, ...words)
    const child = spawn(shell as string, args, {
      env: podman.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONG + 10_000,
    })
    const output = { out: '', err: '' }
    child.stdout.on('data', (text) => {
      output.out += text
    })
    child.stderr.on('data', (text) => {
      output.err += text
    })
    const driving = setInterval(drive, 200)
    const late = setTimeout(() => {
      output.err += `after ${LONG / 1000} s: ${statesOf(words)}`
    }, LONG)
    await once(child, 'close')
    clearTimeout(late)
    clearInterval(driving)
    return output
  }

  /** The manifest of one node, with a program of the image that only waits. */
  const manifest = (seccomp: string) =>
    readFileSync(join(DEPLOY, 'pod.yaml'), 'utf8')
      .replace(/ {6}image: .*/, '      image: localhost/ksys:test')
      .replace(/ {6}args: .*/, '      command: [/bin/sleep, "600"]')
      .replace('{ type: RuntimeDefault }', seccomp)
      .replace('nodeName: NODE', 'nodeName: node-1')

  const PROFILES = [
    ['the default seccomp profile', '{ type: RuntimeDefault }'],
    ["ksys's seccomp profile", '{ type: Localhost, localhostProfile: ksys.json }'],
  ] as const
  test.each(PROFILES)(
    'as in the manifest for one node, with %s, shows containers and users of the host',
    async (_, seccomp) => {
      podman.cli('tag', WEB_IMAGE, 'localhost/ksys:test')
      copyFileSync(join(DEPLOY, 'seccomp.json'), join(podman.dir, 'ksys.json'))
      writeFileSync(join(podman.dir, 'pod.yaml'), manifest(seccomp))
      const play = (...words: string[]) => podman.cli('kube', 'play', ...words, join(podman.dir, 'pod.yaml'))
      play('--network=none', `--seccomp-profile-root=${podman.dir}`)
      const container = 'ksys-once-ksys'
      const status = podman.cli('exec', container, '/bin/cat', '/proc/self/status')
      expect(status).toMatch(new RegExp(`^CapEff:\\s*${RIGHTS.toString(16).padStart(16, '0')}$`, 'm'))
      expect(status).toMatch(/^NoNewPrivs:\s*1$/m)
      expect(status).toMatch(/^Seccomp:\s*2$/m)
      const works = await lines(container, [
        '-n',
        '3',
        '-p',
        '%container.name %user.name %user.uid',
        'container.name=works and user.name=keeper',
      ])
      expect(works.out, works.err).toBe('works keeper 1234\n'.repeat(3))
      // of the host's accounts, which the container's image lacks
      const daemon = ['-n', '1', '-p', '%container.id %user.name %proc.name', 'user.name=daemon and evt.type=execve']
      const users = await lines(container, daemon, () => execFileSync('/bin/true', { uid: 1 }))
      expect(users.out, users.err).toBe('host daemon true\n')
      // a process that was already running has the data that only a privileged reader gets
      const own = await lines(container, ['-n', '1', '-p', '%proc.cwd', `proc.pid=${process.pid}`])
      expect(own.out, own.err).toBe(`${process.cwd()}/\n`)
    },
    300_000,
  )

  test('in a cgroup namespace of its own identifies containers, its own too', async () => {
    const how = ['--privileged', '--pid=host', '--cgroupns=private', ...HOST, '--env=HOST_ROOT=/host']
    podman.cli('run', '-d', '--name', 'own', ...how, WEB_IMAGE, '/bin/sh', '-c', WORKS)
    for (const name of ['own', 'works']) {
      // the shell existed before the capture
      const words = ['-n', '1', '-p', '%container.name %proc.name', `container.name=${name} and proc.name=sh`]
      const seen = await lines('own', words)
      expect(seen.out, seen.err).toBe(`${name} sh\n`)
    }
  }, 120_000)

  test('reports in a sentence what is missing', async () => {
    const start = (name: string, ...how: string[]) =>
      podman.cli('run', '-d', '--name', name, ...how, ...HOST, WEB_IMAGE, '/bin/sleep', '600')
    start('apart', '--privileged')
    start('weak', '--pid=host')
    start('lost', '--privileged', '--pid=host')
    const firstError = async (name: string) => (await lines(name, ['-n', '1'])).err.split('\n')[0]
    expect(await firstError('apart')).toMatch(/^ksys: live capture needs the host's pid namespace.*hostPID: true/)
    expect(await firstError('weak')).toMatch(/^ksys: live capture needs CAP_BPF.*give the container these capabilities/)
    expect(await firstError('lost')).toMatch(/^ksys: users and containers may have no names.*HOST_ROOT/)
  }, 120_000)
})
