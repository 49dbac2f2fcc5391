// Real runtimes in a live capture: processes in their containers have their names from the first call on, also in
// the trace. KSYS_STARTS sets the number of starts of /bin/true (3).
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { type Row, readRows, scratchDir } from '../helpers/live.js'
import { Capture, startLines, startsIn, startsOf } from './capture.js'
import { type Pod, startPod } from './pod.js'
import { freePort, Runtime, type RuntimeName, served, WEB_IMAGE } from './runtimes.js'

const COUNT = Number(process.env.KSYS_STARTS ?? 3)
const MARK = 'ksys-proof'
const HEX = /^[0-9a-f]{64}$/
/** The containers that run /bin/true as well: the test's own, and `web` once it has another name. */
const OTHERS = /^host | (web|shop-front)$/

const get = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`)).text()

/**
 * The calls of runc on its way into the container. If cgroups of both versions are mounted it joins them one after the
 * other, and for some calls it is in the container by one and on the host by the other.
 */
const JOINING = 'proc.name in (runc, exe, "memfd:runc_clon", "runc:[0:PARENT]", "runc:[1:CHILD]", "runc:[2:INIT]")'

/** The processes after `web` was renamed: the two captures get the new name at different moments. */
const RENAMED = `(proc.args contains index.html or proc.args=${MARK})`

/** Calls as far as two captures agree on them: by thread, in its order. */
function calls(trace: string, filter: string): string[] {
  const fields = ['thread.tid', 'evt.type', 'evt.rawres', 'proc.name', 'container.id', 'container.name', 'fd.name']
  const rows = readRows(trace, fields, [`(${filter}) and evt.type != container and not ${JOINING} and not ${RENAMED}`])
  return rows
    .map((r, i) => [Number(r['thread.tid']), i, fields.map((f) => r[f]).join(' ')] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map((r) => r[2])
}

const printed = (...args: string[]): string => {
  const r = ksys(args)
  if (r.code !== 0) throw new Error(r.stderr)
  return r.stdout
}

for (const name of ['docker', 'podman', 'containerd'] as const satisfies readonly RuntimeName[])
  describe.skipIf(!privileged())(`${name}, live and on replay`, () => {
    const dir = scratchDir(`proof-${name}`)
    const trace = join(dir, 'all.ksys')
    const filtered = join(dir, 'filtered.ksys')
    const TWO = 'container.name in (web, late)'
    /** messages of this capture on standard error: names that were late, for example */
    let saidOfTwo = ''
    let runtime: Runtime
    let web = ''
    let late = ''
    let pod: Pod | undefined
    let lines: Row[] = []
    const ports = { web: 0, late: 0, pod: 0 }
    const plain = name === 'containerd'
    /** queries of the trace for one runtime only */
    const ofPlain = (title: string, check: () => void) => plain && test(title, check)
    const ofOthers = (title: string, check: () => void) => !plain && test(title, check)

    const run = (id: string, ...command: string[]) =>
      plain
        ? runtime.cli('run', '--rm', '--net-host', '--runc-binary', '/usr/sbin/runc', WEB_IMAGE, id, ...command)
        : runtime.cli('run', '--rm', '--name', id, '--network=host', WEB_IMAGE, ...command)
    const inside = (id: string, ...command: string[]) =>
      plain ? runtime.cli('tasks', 'exec', '--exec-id', 'e1', id, ...command) : runtime.cli('exec', id, ...command)
    const task = (...words: string[]) => runtime.cli(...(plain ? ['tasks'] : []), ...words)

    const renameWeb = async (live: Capture) => {
      runtime.cli('rename', 'web', 'shop-front')
      inside('shop-front', '/bin/cat', '/www/index.html')
      // the runtime may report the new name after the first calls, and to each capture at another moment
      for (let after = 0, failures = 0; after < 5; ) {
        try {
          inside('shop-front', '/bin/true', MARK)
        } catch (e) {
          // docker sometimes ends one of these with an error and without a message
          if (++failures > 2) throw e
        }
        await new Promise((done) => setTimeout(done, 100))
        if (live.stdout.includes('"shop-front"')) after++
      }
    }

    // longer than usual: on a loaded machine every start takes seconds
    beforeAll(async () => {
      runtime = Runtime.up(name)
      for (const which of ['web', 'late', 'pod'] as const) ports[which] = await freePort()
      web = runtime.web('web', ports.web)
      await served(ports.web)
      if (plain) {
        pod = await startPod(runtime.socket, ports.pod)
        await served(ports.pod)
      }
      const whole = await Capture.into(trace, runtime.options)
      const two = await Capture.into(filtered, [...runtime.options, TWO])
      const live = await Capture.printing([...runtime.options, ...startLines(MARK)], () => {
        execFileSync('/bin/true', [MARK])
      })
      for (let i = 0; i < 3; i++) expect(await get(ports.web)).toBe('hello\n')
      if (plain) expect(await get(ports.pod)).toBe('hello\n')
      inside('web', '/bin/cat', '/etc/passwd')
      for (let i = 0; i < COUNT; i++) run(`true-${i}`, '/bin/true', MARK)
      await pod?.add('once', ['/bin/true', `${MARK}-pod`])
      late = runtime.web('late', ports.late)
      expect(await served(ports.late)).toBe('hello\n')
      task('pause', 'late')
      task(plain ? 'resume' : 'unpause', 'late')
      expect(await get(ports.late)).toBe('hello\n')
      task('kill', ...(plain ? ['-s', 'SIGKILL'] : []), 'late')
      if (!plain) await renameWeb(live)
      await live.printed(new RegExp(`"true-${COUNT - 1}"[^\\n]*\\n`))
      await live.stop()
      await two.stop()
      saidOfTwo = two.stderr
      await whole.stop()
      lines = live.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Row)
    }, 300_000)

    afterAll(async () => {
      Capture.stopAll()
      await pod?.remove()
      runtime.down()
      expect(existsSync(runtime.dir)).toBe(false)
      expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(runtime.dir)
    })

    const row = (fields: readonly string[], filter: string): Row =>
      readRows(trace, fields, [filter]).at(-1) ?? { none: filter }

    test('every call of a container that only runs /bin/true has id and name', () => {
      const replayed = startsIn(trace, MARK).filter((s) => !OTHERS.test(s.names[0] ?? ''))
      const wanted = Array.from({ length: COUNT }, (_, i) => `true-${i}`).sort()
      const nameOf = (names: readonly string[]) => names.map((n) => n.split(' ')[1]).join()
      expect(replayed.map((s) => nameOf(s.names)).sort()).toEqual(wanted)
      for (const s of replayed) {
        expect(s.names).toHaveLength(1)
        expect(s.names[0]).toMatch(plain ? /^true-\d+ / : /^[0-9a-f]{12} /)
      }
      const live = startsOf(lines).filter((s) => !OTHERS.test(s.names[0] ?? ''))
      expect(live.map((s) => nameOf(s.names)).sort()).toEqual(wanted)
      const sum = (starts: typeof live) => starts.reduce((n, s) => n + s.calls, 0)
      if (process.env.KSYS_STARTS !== undefined)
        console.log(`${name}: ${COUNT} starts, ${sum(live)} calls live, ${sum(replayed)} on replay, 0 without a name`)
      expect(sum(replayed)).toBeGreaterThan(COUNT * 10)
    })

    test('a filter in the kernel records the same events as in the whole, from the first call on', () => {
      // other tests have containers with such names
      const own = `${TWO} and container.full_id in (${web}, ${late})`
      const whole = calls(trace, own)
      expect(whole.length).toBeGreaterThan(50)
      expect(whole.some((c) => c.includes(' execve 0 httpd ') && c.includes(' late '))).toBe(true)
      expect(calls(filtered, own), saidOfTwo).toEqual(whole)
    })

    test('an existing container has all fields', () => {
      const found = row(
        [
          ...['container.id', 'container.full_id', 'container.name', 'container.type', 'container.image'],
          ...['container.image.repository', 'container.image.tag', 'container.image.id', 'container.image.digest'],
          'container.privileged',
          ...['container.host_network', 'container.host_pid', 'container.label.app', 'container.start_ts', 'proc.vpid'],
        ],
        `container.full_id=${web} and container.name=web and proc.name=httpd and evt.type in (accept, accept4)`,
      )
      expect(found).toMatchObject({
        'container.id': plain ? 'web' : web.slice(0, 12),
        'container.full_id': web,
        'container.name': 'web',
        'container.type': name,
        'container.image': WEB_IMAGE,
        'container.image.repository': 'ksys.test/web',
        'container.image.tag': '1.0',
        'container.privileged': false,
        'container.host_network': true,
        'container.host_pid': false,
        'proc.vpid': 1,
      })
      expect(Number(found['container.start_ts']) / 1e9).toBeGreaterThan(Date.now() / 1e3 - 600)
      expect(found['container.image.id']).toMatch(HEX)
      // docker forgets the digest of images loaded from an archive
      const digest = readFileSync(join(runtime.dir, 'digest'), 'utf8').trim()
      expect(found['container.image.digest']).toBe(name === 'docker' ? `sha256:${found['container.image.id']}` : digest)
      if (!plain) expect(found['container.label.app']).toBe('web')
    })

    test('exec, a later container, pause, kill and rename are shown', () => {
      expect(row(['container.name'], 'proc.name=cat and fd.name=/etc/passwd and container.name=web')).toEqual({
        'container.name': 'web',
      })
      expect(
        row(['container.name'], 'proc.name=httpd and fd.name contains index.html and container.name=late'),
      ).toEqual({
        'container.name': 'late',
      })
      expect(row(['evt.type'], 'container.name=late and evt.type=procexit')).toEqual({ 'evt.type': 'procexit' })
      if (!plain)
        expect(
          row(['container.full_id'], `proc.args=${MARK} and container.name=shop-front and evt.type=execve`),
        ).toEqual({ 'container.full_id': web })
    })

    ofOthers('a renamed container is one row in tables, under the name that it had last in them', () => {
      for (const chisel of ['containers', 'topcontainers_cpu', 'topcontainers_net', 'topcontainers_file']) {
        // other tests have containers with this name at the same time
        const its = printed('-r', trace, '-c', chisel, `container.id=${web.slice(0, 12)}`)
          .split('\n')
          .filter((line) => / (web|shop-front)( |$)/.test(line))
        expect(its, chisel).toHaveLength(1)
        // nothing was requested over the network after the renaming
        expect(its[0], chisel).toMatch(chisel === 'topcontainers_net' ? / web$/ : / shop-front( |$)/)
      }
    })

    // queries of a trace do not depend on the source of the names
    ofPlain('filters', () => {
      const count = (filter: string) => readRows(trace, ['evt.num'], [`${filter} and evt.type=procexit`]).length
      const late = count('container.name=late')
      expect(late).toBeGreaterThan(0)
      expect(count('container.image.repository contains ksys.test')).toBeGreaterThanOrEqual(late + COUNT)
      expect(count('container.id != host')).toBe(count('not container.id = host'))
      expect(count('container.id != host')).toBeGreaterThanOrEqual(late + COUNT)
      expect(count('container.name = nosuch')).toBe(0)
    })

    ofPlain('lines and chisels name it', () => {
      expect(printed('-r', trace, '-pc', '-n', '3', 'container.name=late')).toContain('late')
      expect(printed('-r', trace, '-c', 'lscontainers')).toMatch(/\bweb\b/)
      expect(printed('-r', trace, '-c', 'topcontainers_cpu')).toMatch(/\bhost\b/)
      for (const chisel of ['containers', 'topcontainers_net', 'topcontainers_file'])
        expect(printed('-r', trace, '-c', chisel, 'container.name=late'), chisel).toMatch(/\blate\b/)
      expect(printed('-r', trace, '-c', 'topcontainers_error')).toMatch(/\bhost\b|\blate\b/)
      expect(printed('-r', trace, '-c', 'topprocs_net', '-pc', 'container.id!=host')).toMatch(
        /httpd.*\blate\b|\blate\b.*httpd/,
      )
    })

    ofPlain('fields, filters and lines of a pod', () => {
      // other tests have a pod with this name at the same time
      const its = `container.id=${pod?.container.slice(0, 12)}`
      const found = row(
        [
          ...['container.id', 'container.name', 'container.type', 'container.image', 'container.privileged'],
          ...['k8s.ns.name', 'k8s.pod.name', 'k8s.pod.uid', 'k8s.pod.label.tier', 'k8s.pod.full_sandbox_id'],
          ...['container.image.id', 'container.image.digest'],
        ],
        `${its} and k8s.ns.name=shop and proc.name=httpd and evt.type in (accept, accept4)`,
      )
      expect(found).toEqual({
        'container.id': pod?.container.slice(0, 12),
        'container.name': 'web',
        'container.type': name,
        'container.image': WEB_IMAGE,
        'container.privileged': true,
        'k8s.ns.name': 'shop',
        'k8s.pod.name': 'web-0',
        'k8s.pod.uid': '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
        'k8s.pod.label.tier': 'front',
        'k8s.pod.full_sandbox_id': pod?.sandbox,
        'container.image.id': expect.stringMatching(HEX),
        'container.image.digest': readFileSync(join(runtime.dir, 'digest'), 'utf8').trim(),
      })
      const once = startsIn(trace, `${MARK}-pod`)
      expect(once.map((s) => s.names.map((n) => n.split(' ')[1]))).toEqual([['once']])
      expect(row(['container.name'], `k8s.pod.name=web-0 and proc.args=${MARK}-pod`)).toEqual({
        'container.name': 'once',
      })
      expect(printed('-r', trace, '-pk', '-n', '3', `${its} and k8s.ns.name=shop`)).toContain('web-0')
    })
  })
