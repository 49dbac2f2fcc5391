// Builds the programs in this folder for containers without their languages' libraries.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Arch, HOST_ARCH } from '../../../src/setup/dist/arch.js'
import { root } from '../../helpers/ksys.js'

const PROGRAMS = join(root, 'test/container/programs')

export type Source = 'work.go' | 'work32.c'

const BUILD: Readonly<Record<Source, (source: string, out: string, dir: string) => void>> = {
  'work.go': (source, out, dir) => goProgram(source, out, dir),
  'work32.c': (source, out, dir) => {
    const args = ['-m32', '-static', '-O1', '-pthread', '-o', out, source]
    if (spawnSync('gcc', args).status !== 0) execFileSync('gcc', [...args, ...libraries32(dir)])
  },
}

/** Builds a program once; its path. */
export function builtProgram(source: Source, dir: string): string {
  const out = join(dir, source.replace('.', '-'))
  if (!existsSync(out)) BUILD[source](join(PROGRAMS, source), out, dir)
  return out
}

/** Builds a Go program without shared libraries. */
function goProgram(source: string, out: string, dir: string, arch: Arch = HOST_ARCH): void {
  const cache = { GOCACHE: join(dir, 'go-cache'), GOFLAGS: '-mod=mod' }
  const env = { ...process.env, ...cache, CGO_ENABLED: '0', GOARCH: arch }
  execFileSync('go', ['build', '-o', out, source], { env })
}

/** Builds work.go for that processor. */
export function goLoad(out: string, dir: string, arch: Arch): void {
  goProgram(join(PROGRAMS, 'work.go'), out, dir, arch)
}

/** Options of gcc for the 32-bit libraries, whose packages are only unpacked: installed, they conflict with cross compilers. */
function libraries32(dir: string): string[] {
  const to = join(dir, 'lib32')
  mkdirSync(to, { recursive: true })
  const version = execFileSync('gcc', ['-dumpversion'], { encoding: 'utf8' }).trim().split('.')[0] as string
  execFileSync('apt-get', ['download', 'libc6-dev-i386', `lib32gcc-${version}-dev`], { cwd: to, stdio: 'pipe' })
  for (const name of readdirSync(to).filter((n) => n.endsWith('.deb'))) execFileSync('dpkg', ['-x', join(to, name), to])
  const folders = [join(to, 'usr/lib32'), join(to, `usr/lib/gcc/x86_64-linux-gnu/${version}/32`)]
  const headers = [join(to, 'usr/include'), join(to, 'usr/include/x86_64-linux-gnu'), '/usr/include/x86_64-linux-gnu']
  return [...folders.flatMap((d) => [`-B${d}`, `-L${d}`]), ...headers.flatMap((d) => ['-idirafter', d])]
}
