// Seccomp profiles on another processor: programs in containers that crun starts in a guest are recorded, and run again under the profiles
// made of the records.
import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { allNames } from '../../src/advise/calls/names.js'
import { DEFAULT_CAPS } from '../../src/advise/profile/apply.js'
import type { Arch } from '../../src/setup/dist/arch.js'
import { cached, Suite } from '../../src/setup/dist/debian.js'
import { goLoad } from '../container/programs/build.js'
import { ALL_REFUSED, ATTACKS, missing } from '../container/trial.js'
import { install, WORKLOADS, type Workload } from '../container/workloads.js'
import { program } from './initramfs.js'
import { busybox } from './packed.js'
import { CONTAINER_PACKAGES } from './pins.js'
import { CAPTURE, type Step } from './step.js'

const ARCH: Arch = 'arm64'
const here = new URL('.', import.meta.url).pathname
const LOADS = ['busybox', 'python', 'go'].map((name) => WORKLOADS.find((w) => w.name === name) as Workload)

/** The id that the container has in its cgroup's path. */
const ID = 'c0ffee00'.repeat(8)
/** A bundle's config.json, where the line @PROFILE@ is to be replaced by a seccomp profile. */
function config(args: readonly string[]): string {
  const mount = (type: string, destination: string) => ({ destination, type, source: type })
  const capabilities = { bounding: DEFAULT_CAPS, effective: DEFAULT_CAPS, permitted: DEFAULT_CAPS }
  const value = {
    ociVersion: '1.0.2',
    process: { args, cwd: '/', env: ['PATH=/bin:/usr/bin'], capabilities },
    root: { path: 'rootfs' },
    mounts: [
      ...[mount('proc', '/proc'), mount('tmpfs', '/dev'), mount('tmpfs', '/tmp')],
      { destination: '/usr', type: 'bind', source: '/usr', options: ['rbind', 'ro'] },
    ],
    linux: {
      cgroupsPath: `/docker/${ID}`,
      namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })),
      seccomp: '@PROFILE@',
    },
  }
  return JSON.stringify(value).replace('"@PROFILE@"', '\n@PROFILE@\n')
}

/** A filter that allows nearly everything, so that it is recorded when the runtime loads one. */
const ANY = {
  defaultAction: 'SCMP_ACT_ALLOW',
  architectures: ['SCMP_ARCH_AARCH64'],
  syscalls: [{ names: ['kexec_load'], action: 'SCMP_ACT_ERRNO' }],
}

/** Adds crun, the containers' programs and their bundles to a guest's tree. */
export async function containerFiles(tree: string, dir: string): Promise<void> {
  const { suite, packages } = CONTAINER_PACKAGES
  const unpacked = await cached(`containers-${suite}-${ARCH}`, async (to) => {
    const from = new Suite(suite, ARCH)
    for (const name of packages) await from.unpack(name, undefined, to)
  })
  cpSync(join(unpacked, 'usr'), join(tree, 'usr'), { recursive: true, verbatimSymlinks: true })
  const bundle = join(tree, 'containers')
  const rootfs = join(bundle, 'rootfs')
  for (const name of ['bin', 'usr', 'proc', 'dev', 'tmp', 'www']) mkdirSync(join(rootfs, name), { recursive: true })
  symlinkSync('usr/lib', join(rootfs, 'lib'))
  copyFileSync(await busybox(ARCH), join(rootfs, 'bin/busybox'))
  for (const name of ['sh', 'id', 'cat', 'ls', 'mkdir', 'ps']) symlinkSync('busybox', join(rootfs, 'bin', name))
  writeFileSync(join(rootfs, 'www/index.html'), 'hello\n')
  await program('../container/attack', ARCH, join(rootfs, 'attack'))
  for (const w of LOADS) if (w.source !== undefined) install(w)
  goLoad(join(rootfs, 'program'), dir, ARCH)
  for (const w of LOADS) writeFileSync(join(bundle, w.name), config(w.command(0, 'recorded')))
  writeFileSync(join(bundle, 'attack'), config(['/attack']))
  writeFileSync(join(bundle, 'any.json'), JSON.stringify(ANY))
  copyFileSync(join(here, 'contained.sh'), join(bundle, 'contained.sh'))
}

interface OciProfile {
  readonly architectures: readonly string[]
  readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[]
}
const CALLS = new Set(allNames('aarch64'))

const FILTER = `"container.full_id=${ID}"`

export const CONTAINERS: readonly Step[] = LOADS.map(({ name }) => ({
  name: `a seccomp profile for ${name}`,
  short: false,
  seconds: 400,
  run: `. /containers/contained.sh
    beside first.ksys ${CAPTURE} ${FILTER} -- 'contained ${name} /containers/any.json >before'
    ksys advise seccomp ${FILTER} -r first.ksys --enforce -w profile.json 2>text
    beside second.ksys ${CAPTURE} ${FILTER} -- '
      contained ${name} profile.json >after
      contained attack profile.json >attacks'`,
  check(l) {
    expect({ code: l.code, stderr: l.stderr }).toEqual({ code: 0, stderr: '' })
    expect(l.text('text')).toMatch(/1 start by crun, with a filter/)
    const { architectures, syscalls } = JSON.parse(l.text('profile.json')) as OciProfile
    expect(architectures).toEqual(['SCMP_ARCH_AARCH64'])
    const allowed = syscalls.filter((r) => r.action === 'SCMP_ACT_ALLOW').flatMap((r) => r.names)
    expect(allowed.filter((call) => !CALLS.has(call))).toEqual([])
    expect(l.text('before')).not.toBe('')
    expect(l.text('after')).toBe(l.text('before'))
    const [profile, second] = [l.file('profile.json'), l.file('second.ksys')]
    expect(missing(profile, second, 'proc.name != attack').filter((m) => !m.absent)).toEqual([])
    expect(l.text('attacks').trimEnd()).toBe(ALL_REFUSED)
    const refused = missing(profile, second, 'proc.name=attack')
    expect(refused.map((m) => m.name)).toEqual(expect.arrayContaining(ATTACKS))
    expect(refused.filter((m) => m.add && ATTACKS.includes(m.name))).toEqual([])
  },
}))
