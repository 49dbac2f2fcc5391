// The single executables on another processor, with the C libraries of Debian's releases, and where a library is missing.
import { execFileSync } from 'node:child_process'
import { copyFileSync, linkSync, mkdirSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ARCHES, type Arch, HOST_ARCH } from '../../src/setup/dist/arch.js'
import { executablePath } from '../../src/setup/dist/places.js'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { has } from '../kernels/lacking.js'
import { foreignLibraries } from '../kernels/packed.js'
import { ROOTS } from '../kernels/pins.js'
import { debianRoot, inRoot } from '../kernels/roots.js'
import { BUILT, built, EXECUTABLE, run } from './built.js'

const trace = `${root}captures/shell.ksys`
const other = ARCHES.find((a) => a !== HOST_ARCH) as Arch
const QEMU = { amd64: 'qemu-x86_64', arm64: 'qemu-aarch64' }[other]
const emulated = built(other) && has(QEMU)
const dir = BUILT || emulated ? scratchDir('elsewhere') : ''

describe.skipIf(!emulated)(`the executable for ${other}, emulated`, () => {
  const surroundings = { env: { XDG_CACHE_HOME: join(dir, 'cache') }, cwd: dirname(trace) }
  const prefix = join(dir, 'prefix')
  // for an absolute path QEMU looks into the prefix first
  const words = [QEMU, '-L', prefix, executablePath(other), '-r', basename(trace)] as const
  const expected = () => ksys(['-r', trace], { env: { TZ: 'UTC' } })

  beforeAll(async () => {
    // Debian's / has links into /usr, its packages do not
    mkdirSync(prefix)
    symlinkSync(join(await foreignLibraries(other), 'usr'), join(prefix, 'usr'))
    symlinkSync('usr/lib', join(prefix, 'lib'))
  }, 600_000)

  test('prints its version', () => {
    expect(run(QEMU, ['-L', prefix, executablePath(other), '--version'], surroundings)).toEqual(ksys(['--version']))
  }, 600_000)

  test('reads a trace without privileges', () => {
    const without = privileged() ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : []
    const [file = '', ...args] = [...without, ...words]
    expect(run(file, args, surroundings)).toEqual(expected())
  }, 600_000)

  test.skipIf(!privileged())(
    'reads a trace as root, and says that QEMU keeps privileges',
    () => {
      const [file, ...args] = words
      const ran = run(file, args, surroundings)
      expect(ran).toEqual({ ...expected(), stderr: expect.any(String) })
      expect(ran.stderr.split('\n')).toEqual([
        expect.stringMatching(`^ksys: ${QEMU}.* keeps the privileges .* run ksys as another user than root$`),
        expect.stringContaining('the system calls of ksys itself are not restricted'),
        '',
      ])
    },
    600_000,
  )
})

describe.skipIf(!BUILT || !privileged() || !has('debootstrap'))('the executable in root file systems of Debian', () => {
  beforeAll(() => {
    linkOrCopy(EXECUTABLE, join(dir, 'ksys'))
    copyFileSync(trace, join(dir, 'shell.ksys'))
  })

  for (const release of ROOTS)
    test(`${release}: it reads and captures`, async () => {
      const tree = await debianRoot(release)
      const ran = inRoot(tree, dir, ['/mnt/ksys', '-r', '/mnt/shell.ksys'], { XDG_CACHE_HOME: '/tmp/cache', TZ: 'UTC' })
      expect(ran).toEqual(ksys(['-r', trace], { env: { TZ: 'UTC' } }))
      const words = ['--no-container-metadata', '-p', '%evt.type', 'evt.type=execve', '--', '/bin/true']
      const captured = inRoot(tree, dir, ['/mnt/ksys', ...words], { XDG_CACHE_HOME: '/tmp/cache' })
      expect(captured).toEqual({ code: 0, stdout: 'execve\n', stderr: '' })
    }, 600_000)
})

describe.skipIf(!BUILT || !privileged())('the executable in a root file system without a library', () => {
  test('reports it in one sentence, which names the library', () => {
    const tree = join(dir, 'bare')
    mkdirSync(tree)
    linkOrCopy(EXECUTABLE, join(tree, 'ksys'))
    for (const [library] of execFileSync('ldd', [EXECUTABLE], { encoding: 'utf8' }).matchAll(/\/\S+/g)) {
      if (/libstdc|libgcc/.test(library)) continue
      mkdirSync(join(tree, dirname(library)), { recursive: true })
      copyFileSync(library, join(tree, library))
    }
    const ran = run('chroot', [tree, '/ksys', '--version'])
    expect(ran).toMatchObject({ code: 127, stdout: '' })
    expect(ran.stderr).toMatch(/^\/ksys: error while loading shared libraries: libstdc\+\+\.so\.6: .*\n$/)
  })
})

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // another file system
    copyFileSync(from, to)
  }
}
