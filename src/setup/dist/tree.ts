// Builds ksys as a tree of files for one processor, with everything except Node: the content of the executable, the .deb and the image.
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { addon } from './addon.js'
import { type Arch, HOST_ARCH, NPM_ARCH, TRIPLES } from './arch.js'
import { packageJson } from './join.js'
import { SHIPPED_COMPILER } from './pins.js'
import { WORK } from './places.js'
import { ROOT } from './root.js'
import { run } from './run.js'

/** The program `strip` for a processor. */
export const stripFor = (arch: Arch): string => (arch === HOST_ARCH ? 'strip' : `${TRIPLES[arch]}-strip`)

/** The shipped addon for a processor (built by makeAddon). */
export const shippedAddon = (arch: Arch): string => join(WORK, `addon-${arch}`, 'shipped', 'ksys.node')

/** Builds that addon: without paths of this machine, without symbols, for glibc 2.28 and newer. */
export async function makeAddon(arch: Arch): Promise<void> {
  const built = await addon(SHIPPED_COMPILER, arch, join(WORK, `addon-${arch}`), `-ffile-prefix-map=${ROOT}=.`)
  const shipped = shippedAddon(arch)
  mkdirSync(dirname(shipped), { recursive: true })
  await run(stripFor(arch), ['--strip-unneeded', '-o', shipped, built])
  await run('sh', [join(ROOT, 'native/build/check-glibc.sh'), shipped])
  chmodSync(shipped, 0o755)
}

/** Files that are the same for all processors. */
export interface Common {
  /** the folder of joined modules */
  readonly joined: string
  /** text of NOTICES */
  readonly notices: string
}

/** Recreates a folder with the joined modules, the addons of these files, captures and licences. */
export function fillTree(folder: string, { joined, notices }: Common, addons: ReadonlyMap<Arch, string>): void {
  rmSync(folder, { recursive: true, force: true })
  cpSync(joined, folder, { recursive: true })
  for (const [arch, file] of addons) {
    const native = join(folder, '.build/native', `linux-${NPM_ARCH[arch]}`)
    mkdirSync(native, { recursive: true })
    copyFileSync(file, join(native, 'ksys.node'))
  }
  mkdirSync(join(folder, 'captures'))
  for (const file of readdirSync(join(ROOT, 'captures')))
    if (file.endsWith('.ksys')) copyFileSync(join(ROOT, 'captures', file), join(folder, 'captures', file))
  // ksys help prints them
  mkdirSync(join(folder, 'docs'))
  for (const file of readdirSync(join(ROOT, 'docs')))
    if (file.endsWith('.md')) copyFileSync(join(ROOT, 'docs', file), join(folder, 'docs', file))
  // kubectl ksys creates its pod from it
  cpSync(join(ROOT, 'src/container/deploy'), join(folder, 'src/container/deploy'), { recursive: true })
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'NOTICES'), notices)
}

/** Builds the tree for a processor and returns its folder. */
export function makeTree(arch: Arch, common: Common): string {
  const folder = join(WORK, `tree-${arch}`)
  fillTree(folder, common, new Map([[arch, shippedAddon(arch)]]))
  // the keys that the program reads
  const { name, version, license, type } = packageJson(ROOT)
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, license, type })}\n`)
  return folder
}
