// docker and containerd with a pod, at once, in captures that continue while both daemons restart: data of
// containers are those of the runtimes, live, in the trace, and when no runtime is available any more.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registry } from '../../src/fields/index.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { type Row, readRows, scratchDir } from '../helpers/live.js'
import { hasTmux, Terminal } from '../tui/terminal.js'
import { Capture, sameAsReadingAll, startsIn } from './capture.js'
import { type Pod, startPod } from './pod.js'
import { freePort, Runtime, served, WEB_IMAGE } from './runtimes.js'

const STARTS = Number(process.env.KSYS_STARTS ?? 2)
/** The data of a container and its pod, without those that change with time. */
const TOLD = registry
  .names()
  .filter((name) => /^(container|k8s)\./.test(name) && name !== 'container.duration')
  .filter((name) => registry.get(name)?.arg?.need !== 'required' && registry.get(name)?.removed === undefined)
const WITH_ARGUMENTS = [
  'container.label.app',
  'container.mount.dest[0]',
  'container.mount.mode[/data]',
  'k8s.pod.label.tier',
]
const FORMAT = `*${['fd.name', 'fd.peer.name', ...TOLD, ...WITH_ARGUMENTS].map((f) => `%${f}`).join(' ')}`

describe.skipIf(!privileged())('docker and containerd at once', () => {
  const trace = join(scratchDir('together'), 'all.ksys')
  const ports = { one: 0, pod: 0 }
  let docker: Runtime
  let containerd: Runtime
  let options: string[] = []
  let pod: Pod
  let one: Record<string, unknown> = {}
  let live: Row[] = []
  const lastOf = (port: number) => live.findLast((r) => String(r['fd.name']).endsWith(`:${port}`)) as Row
  const accepted = () => `evt.type in (accept, accept4) and fd.sport in (${ports.one}, ${ports.pod}) and fd.name != ""`
  const replay = () => {
    const r = ksys(['-r', trace, '-j', '-p', FORMAT, accepted()], { env: { DOCKER_HOST: '', CONTAINERD_ADDRESS: '' } })
    if (r.code !== 0) throw new Error(r.stderr)
    return r.stdout
  }
  const inDocker = (...words: string[]) => docker.cli('run', '--rm', '--network=host', ...words)
  /** Starts a few containers of both that only run /bin/true with this argument. */
  const starts = async (mark: string) => {
    for (let i = 0; i < STARTS; i++) {
      inDocker('--name', `${mark}-${i}`, WEB_IMAGE, '/bin/true', mark)
      await pod.add(`pod-${mark}-${i}`, ['/bin/true', mark])
    }
  }

  beforeAll(async () => {
    process.env.DOCKERD_OPTIONS = '--live-restore'
    docker = Runtime.up('docker')
    containerd = Runtime.up('containerd')
    options = [...docker.options, ...containerd.options]
    ports.one = await freePort()
    const check = ['--health-cmd', 'true', '--health-interval', '1h']
    docker.web('one', ports.one, '-v', `${docker.dir}:/data:ro`, '--label', 'tier=front', ...check)
    ports.pod = await freePort()
    pod = await startPod(containerd.socket, ports.pod)
    await served(ports.one)
    await served(ports.pod)

    const whole = await Capture.into(trace, [...options, 'container.id != host'])
    // on a busy machine the runtimes may respond late
    const known = ['one', 'web'].map((name) => new RegExp(`"container.name":"${name}"`))
    const lines = await Capture.printing(
      [...options, '-j', '-p', FORMAT, accepted()],
      () => {
        for (const port of Object.values(ports))
          execFileSync('busybox', ['wget', '-qO-', `http://127.0.0.1:${port}/`], { timeout: 20_000 })
      },
      (text) => known.every((name) => name.test(text)),
    )
    inDocker('--name', 'caller', WEB_IMAGE, 'wget', '-qO-', `http://127.0.0.1:${ports.one}/`)
    inDocker('--name', 'caller', WEB_IMAGE, 'wget', '-qO-', `http://127.0.0.1:${ports.pod}/`)
    await starts('before')
    docker.stopDaemon()
    containerd.stopDaemon()
    docker.start()
    containerd.start()
    await starts('after')
    one = JSON.parse(docker.cli('inspect', 'one'))[0]
    await lines.printed(/"caller"/)
    await lines.stop()
    await whole.stop()
    live = lines.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
      .filter((row) => row['container.name'] !== null)
  }, 300_000)

  let gone = false
  const removeAll = async () => {
    if (gone) return
    gone = true
    await pod?.remove()
    containerd?.down()
    docker?.down()
  }

  afterAll(async () => {
    delete process.env.DOCKERD_OPTIONS
    Capture.stopAll()
    await removeAll()
  }, 120_000)

  test('containers that start before and after the restart of both have their names from their first call on', () => {
    for (const mark of ['before', 'after']) {
      const all = Array.from({ length: STARTS }, (_, i) => [`${mark}-${i}`, `pod-${mark}-${i}`]).flat()
      const seen = startsIn(trace, mark).filter((s) => !/^host /.test(s.names[0] ?? ''))
      expect(seen.map((s) => s.names.map((n) => n.split(' ')[1]).join()).sort(), mark).toEqual(all.sort())
    }
  })

  test('of a trace only those that a filter selects are read', () => {
    sameAsReadingAll(trace, ['container.name=one', 'container.image contains web', 'k8s.pod.label.tier exists'])
  })

  test('every field of a container of docker is the value that docker reports', () => {
    const row = lastOf(ports.one)
    const { Id, Image, Created, State, HostConfig, Mounts, Config } = one as Record<string, never> & { Id: string }
    const { Source, Destination, Mode, RW, Propagation } = Mounts[0] as Record<string, unknown>
    const mount = `${Source}:${Destination}:${Mode}:${RW}:${Propagation}`
    const { 'container.start_ts': began, ...rest } = row
    const absent = TOLD.filter((name) => name.startsWith('k8s.')).map((name) => [name, null])
    expect(rest).toMatchObject({
      ...Object.fromEntries(absent),
      'container.id': Id.slice(0, 12),
      'container.full_id': Id,
      'container.name': 'one',
      'container.type': 'docker',
      'container.image': WEB_IMAGE,
      'container.image.id': String(Image).replace('sha256:', ''),
      'container.image.repository': 'ksys.test/web',
      'container.image.tag': '1.0',
      'container.image.digest': Image,
      'container.privileged': (HostConfig as Row).Privileged,
      'container.is_pod_sandbox': false,
      'container.host_pid': false,
      'container.host_network': true,
      'container.host_ipc': (HostConfig as Row).IpcMode === 'host',
      'container.ip': '',
      'container.cni.json': '',
      'container.mounts': mount,
      'container.mount.dest[0]': '/data',
      'container.labels': 'app:web, tier:front',
      'container.label.app': ((Config as Row).Labels as Row).app,
      'container.healthcheck': '/bin/sh -c true',
      'container.liveness_probe': 'NONE',
      'container.readiness_probe': 'NONE',
    })
    const apart = Math.abs(Number(began) / 1e6 - Date.parse((State as Row).StartedAt as string))
    expect(apart, `began at ${began}, made ${Created}`).toBeLessThan(60_000)
  })

  test('every field of a container in a pod is the value that the pod was created with', () => {
    const row = lastOf(ports.pod)
    const { 'container.start_ts': _, 'container.image.digest': digest, ...rest } = row
    const unknown = TOLD.filter((name) => /^k8s\.(ns|rc|rs|svc|deployment)\./.test(name) && name !== 'k8s.ns.name')
    const uid = '1b4e28ba-2fa1-11d2-883f-0016d3cca427'
    expect(rest).toMatchObject({
      ...Object.fromEntries(unknown.map((name) => [name, null])),
      'container.id': pod.container.slice(0, 12),
      'container.full_id': pod.container,
      'container.name': 'web',
      'container.type': 'containerd',
      'container.image': WEB_IMAGE,
      'container.image.repository': 'ksys.test/web',
      'container.image.tag': '1.0',
      'container.privileged': true,
      'container.is_pod_sandbox': false,
      'container.host_pid': false,
      'container.host_network': true,
      'container.mount.dest[0]': '/data',
      'k8s.ns.name': 'shop',
      'k8s.pod.name': 'web-0',
      'k8s.pod.id': uid,
      'k8s.pod.uid': uid,
      'k8s.pod.labels': 'app:web, tier:front',
      'k8s.pod.label.tier': 'front',
      'k8s.pod.sandbox_id': pod.sandbox.slice(0, 12),
      'k8s.pod.full_sandbox_id': pod.sandbox,
    })
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  test('a peer in another container or pod is named at both ends', () => {
    const fields = ['container.name', 'fd.peer.name', 'fd.sport']
    const seen = readRows(trace, fields, [
      `fd.sport in (${ports.one}, ${ports.pod}) and evt.type in (read, write, sendfile)`,
    ])
    const pairs = new Set(seen.map((r) => `${r['container.name']} ${r['fd.peer.name']}`))
    expect([...pairs]).toEqual(expect.arrayContaining(['caller one', 'one caller', 'caller shop/web-0', 'web caller']))
  })

  test('calls of runc in a container can be excluded', () => {
    const of = (filter: string) => readRows(trace, ['proc.name'], [`container.name=caller and ${filter}`])
    const runtime = of('proc.is_container_runtime=true')
    expect(runtime.length).toBeGreaterThan(50)
    const names = new Set(of('proc.is_container_runtime=false').map((r) => r['proc.name']))
    expect([...names]).toEqual(['wget'])
  })

  test('live chisels and the views of the UI show their names', async () => {
    const run = (...words: string[]) => ksys([...options, ...words]).stdout
    expect(run('-c', 'lscontainers')).toMatch(/^docker +\S*web:1.0 +one /m)
    for (const chisel of ['containers', 'topcontainers_cpu'])
      expect(run('-M', '1', '-c', chisel), chisel).toMatch(chisel === 'containers' ? /\bone\b.*web:1\.0/ : /\bhost\b/)
    if (!hasTmux) return
    const t = new Terminal(220, 40)
    try {
      t.ui('-v', 'containers', ...options)
      await t.shows(/docker .*\bone\b/)
      await t.shows(/containerd .*\bweb-0\b.*\bweb\b/)
    } finally {
      t.close()
    }
    const pods = new Terminal(220, 40)
    try {
      pods.ui('-v', 'kubernetes_namespaces', ...options)
      await pods.shows(/ 1 shop$/)
      pods.keys('Enter')
      await pods.shows(/k8s.ns.name=shop K8s Pods/)
      await pods.shows(/1b4e28ba-2fa1-11d2-883f-0016d3cca427 shop +web-0$/)
      pods.keys('Enter')
      await pods.shows(/› k8s.pod.id=.* Containers/)
      await pods.shows(/containerd .*\bweb$/)
    } finally {
      pods.close()
    }
  }, 120_000)

  test('the trace shows the same as the live capture, and the same without any runtime', async () => {
    const before = replay()
    const rows = before
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
    for (const row of live) {
      const { 'container.start_ts': _, 'fd.peer.name': peer, ...same } = row
      const found = rows.find((r) => r['fd.name'] === row['fd.name'])
      expect(found).toMatchObject(same)
      // whether the other side's connect had ended is different for the two captures
      if (peer !== null) expect([peer, null]).toContain(found?.['fd.peer.name'])
    }
    await removeAll()
    expect(replay()).toBe(before)
    expect(ksys(['-r', trace, 'container.name=caller', '-c', 'lscontainers']).stdout).toMatch(/^docker +\S+ +one /m)
  }, 120_000)
})
