// The OCI image, and `kubectl ksys` with it: podman has its pods, and a stand-in for kubectl responds with them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOST_ARCH } from '../../src/setup/dist/arch.js'
import { imagePath, VERSION } from '../../src/setup/dist/places.js'
import { Runtime, WEB_IMAGE } from '../container/runtimes.js'
import { ksys, main, type Ran, root } from '../helpers/ksys.js'
import { BUILT } from './built.js'

const IMAGE = `localhost/ksys:${VERSION}`
const WEB = join(root, 'captures/web.ksys')

describe.skipIf(!BUILT)('the image', () => {
  let podman: Runtime
  let bin = ''

  beforeAll(() => {
    podman = Runtime.up('podman')
    podman.cli('load', '--quiet', '--input', imagePath(HOST_ARCH))
    bin = join(podman.dir, 'bin')
    mkdirSync(bin)
    symlinkSync(join(root, 'test/dist/podman-kubectl.mjs'), join(bin, 'kubectl'))
    symlinkSync(main, join(bin, 'kubectl-ksys'))
    for (const [name, namespace] of [
      ['web-0', 'shop'],
      ['teller', 'bank'],
    ]) {
      const labels = ['name', 'namespace'].map(
        (key) => `--label=io.kubernetes.pod.${key}=${key === 'name' ? name : namespace}`,
      )
      const works = `while :; do echo ${name} >/tmp/written-by-${name}; sleep 0.1; done`
      podman.cli('run', '-d', '--name', name as string, '--network=none', ...labels, WEB_IMAGE, '/bin/sh', '-c', works)
    }
  }, 180_000)

  afterAll(() => podman?.down())

  /** Runs the plugin; `interrupt`: once something was printed. */
  async function plugin(words: readonly string[], env: NodeJS.ProcessEnv = {}, interrupt = false): Promise<Ran> {
    const kubectl = { KUBE_PODMAN: JSON.stringify(podman.command()), PATH: `${bin}:${process.env.PATH}` }
    const child = spawn(process.execPath, [join(bin, 'kubectl-ksys'), ...words, `--image=${IMAGE}`], {
      env: { ...podman.env, ...kubectl, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 110_000,
    })
    const output = { stdout: '', stderr: '' }
    for (const key of ['stdout', 'stderr'] as const)
      child[key].setEncoding('utf8').on('data', (text) => {
        if (interrupt && key === 'stdout' && output.stdout === '') child.kill('SIGINT')
        output[key] += text
      })
    const [code] = (await once(child, 'close')) as [number | null]
    return { ...output, code: code ?? -1 }
  }

  const podsLeft = () => podman.cli('pod', 'ps', '--format={{.Name}}')
  const runtime = () => `--docker-host=unix:///host${podman.socket}`

  test('reads as an arbitrary user, from a read-only root, without any privileges', () => {
    const how = ['--rm', '--interactive', '--read-only', '--cap-drop=all', '--network=none', IMAGE]
    expect(podman.cli('run', ...how, '--version')).toBe(`ksys ${VERSION}`)
    expect(podman.cli('image', 'inspect', '--format={{.Config.User}}', IMAGE)).toBe('65532:65532')
    const printed = podman.cli('run', '--volume', `${WEB}:/web.ksys:ro`, ...how, '-r', '/web.ksys', '-n', '20')
    expect(printed).toBe(ksys(['-r', WEB, '-n', '20'], { env: { TZ: 'UTC' } }).stdout.trim())
    expect(Number(podman.cli('image', 'inspect', '--format={{.Size}}', IMAGE))).toBeLessThan(140e6)
  })

  test('has labels that say what it is and which sources it is built of, and no annotation without a value', () => {
    const json = (format: string) => JSON.parse(podman.cli('image', 'inspect', `--format={{json ${format}}}`, IMAGE))
    const labels = json('.Config.Labels') as Record<string, string>
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'ksys',
      'org.opencontainers.image.version': VERSION,
      'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}(-dirty)?$/),
    })
    // a checkout may be cloned from a folder
    expect(labels['org.opencontainers.image.source'] ?? 'https://').toMatch(/^https:\/\//)
    expect(Object.values({ ...labels, ...json('.Annotations') })).not.toContain('')
  })

  test('kubectl ksys NODE prints events of the node, and leaves no pod', async () => {
    const words = ['node-1', runtime(), '-n', '3', '-p', '%container.name %evt.type', 'container.name=web-0']
    const ran = await plugin([...words, 'and', 'evt.type=openat'])
    expect(ran).toMatchObject({ code: 0, stdout: 'web-0 openat\n'.repeat(3) })
    expect(podsLeft()).toBe('')
  }, 120_000)

  test('kubectl ksys pod/NAME: nothing of other pods is shown, and Ctrl-C leaves no pod', async () => {
    const out = join(podman.dir, 'pod.ksys')
    const ran = await plugin(['pod/web-0', '-n', 'shop', runtime(), '-M', '4', '-w', out])
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    expect(ksys(['-r', out, '-p', '%evt.arg.name', 'evt.type=openat']).stdout).toContain('/tmp/written-by-web-0')
    expect(readFileSync(out).includes('teller')).toBe(false)
    const names = ksys(['-r', out, '-p', '*%k8s.ns.name', 'evt.type=openat']).stdout.trim().split('\n')
    expect(new Set(names)).toEqual(new Set(['shop']))
    const ended = await plugin(['node-1', runtime(), '-p', '%evt.num'], {}, true)
    expect(ended.code).toBe(0)
    expect(podsLeft()).toBe('')
  }, 120_000)

  test("a pod without the host's pid namespace, and a missing one, are reported in a sentence", async () => {
    const ran = await plugin(['node-1'], { KUBE_EDIT: '^ {2}hostPID: true\n' })
    expect(ran.code).toBe(3)
    expect(ran.stderr.split('\n')[0]).toMatch(/^ksys: live capture needs the host's pid namespace.*hostPID: true/)
    expect((await plugin(['pod/none', '-n', 'shop'])).stderr).toMatch(/^ksys: pod none cannot be looked up: /)
    expect(podsLeft()).toBe('')
  }, 120_000)
})
