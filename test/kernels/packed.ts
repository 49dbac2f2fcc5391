// ksys as a user gets it (packed, then installed by npm) and the Node that runs it, for a guest or a root file system.
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Arch, HOST_ARCH } from '../../src/setup/dist/arch.js'
import { cached, Suite } from '../../src/setup/dist/debian.js'
import { npm, npmNode } from '../../src/setup/dist/npm.js'
import { tarball } from '../helpers/tarball.js'
import { GUEST_LIBRARIES } from './pins.js'
import '../helpers/registry.js'

const run = promisify(execFile)

/** Installs the packed ksys below `dir`; returns the folder of the installed package. idle: it is packed when no other program needs a processor. */
export async function installed(dir: string, idle = false): Promise<string> {
  mkdirSync(dir, { recursive: true })
  await npm(dir, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', dir, await tarball(idle))
  return join(dir, 'node_modules/ksys')
}

/** Puts this machine's Node and the libraries that it is linked with into a tree, as /bin/node. */
async function ownNode(to: string): Promise<void> {
  copyFileSync(realpathSync(process.execPath), join(to, 'bin/node'))
  const { stdout } = await run('ldd', [process.execPath])
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    mkdirSync(join(to, dirname(library)), { recursive: true })
    copyFileSync(library, join(to, library))
  }
}

/** Debian's libraries and busybox for another processor, unpacked. */
export function foreignLibraries(arch: Arch): Promise<string> {
  const { suite, packages } = GUEST_LIBRARIES
  return cached(`libraries-${suite}-${arch}`, async (dir) => {
    const from = new Suite(suite, arch)
    for (const name of packages) await from.unpack(name, undefined, dir)
  })
}

/** The same for another processor: npm's Node, Debian's libraries. */
async function foreignNode(to: string, arch: Arch): Promise<void> {
  const libraries = await foreignLibraries(arch)
  // Debian's / has links into /usr; the packages of a merged system have /usr alone
  mkdirSync(join(to, 'usr/lib'), { recursive: true })
  cpSync(join(libraries, 'usr/lib'), join(to, 'usr/lib'), { recursive: true, verbatimSymlinks: true })
  symlinkSync('usr/lib', join(to, 'lib'))
  copyFileSync(await npmNode(20, arch), join(to, 'bin/node'))
}

/** Puts /bin/node with its libraries and /bin/busybox into a tree. */
export async function runtime(to: string, arch: Arch): Promise<void> {
  mkdirSync(join(to, 'bin'), { recursive: true })
  await (arch === HOST_ARCH ? ownNode(to) : foreignNode(to, arch))
  copyFileSync(await busybox(arch), join(to, 'bin/busybox'))
}

/** A static busybox for that processor. */
export async function busybox(arch: Arch): Promise<string> {
  if (arch === HOST_ARCH) return (await run('sh', ['-c', 'command -v busybox'])).stdout.trim()
  return join(await foreignLibraries(arch), 'usr/bin/busybox')
}
