// ksys as a tree of files for one processor, with all that it needs but Node: what the executable, the .deb and the image have inside.
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { addon } from './addon.js'
import { type Arch, HOST_ARCH, NPM_ARCH, TRIPLES } from './arch.js'
import { joinModules } from './join.js'
import { SHIPPED_COMPILER } from './pins.js'
import { WORK } from './places.js'
import { ROOT } from './root.js'
import { run } from './run.js'

/** The program `strip` for a processor. */
export const stripFor = (arch: Arch): string => (arch === HOST_ARCH ? 'strip' : `${TRIPLES[arch]}-strip`)

/** The addon of a processor as it is shipped: no paths of this machine, no symbols, for every glibc from 2.28 on. */
export async function shippedAddon(arch: Arch): Promise<string> {
  const built = await addon(SHIPPED_COMPILER, arch, join(WORK, `addon-${arch}`), `-ffile-prefix-map=${ROOT}=.`)
  const shipped = join(WORK, `addon-${arch}`, 'shipped', 'ksys.node')
  mkdirSync(dirname(shipped), { recursive: true })
  await run(stripFor(arch), ['--strip-unneeded', '-o', shipped, built])
  await run('sh', [join(ROOT, 'native/build/check-glibc.sh'), shipped])
  chmodSync(shipped, 0o755)
  return shipped
}

export interface Tree {
  readonly folder: string
  /** the folders of the npm packages that are in it */
  readonly packages: readonly string[]
}

/** Makes the tree anew. */
export async function makeTree(arch: Arch): Promise<Tree> {
  const folder = join(WORK, `tree-${arch}`)
  rmSync(folder, { recursive: true, force: true })
  const packages = await joinModules(folder)
  const native = join(folder, '.build/native', `linux-${NPM_ARCH[arch]}`)
  mkdirSync(native, { recursive: true })
  copyFileSync(await shippedAddon(arch), join(native, 'ksys.node'))
  mkdirSync(join(folder, 'captures'))
  for (const file of readdirSync(join(ROOT, 'captures')))
    if (file.endsWith('.ksys')) copyFileSync(join(ROOT, 'captures', file), join(folder, 'captures', file))
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  writeFileSync(join(folder, 'package.json'), ownPackage())
  return { folder, packages }
}

/** What the program reads of its package.json. */
function ownPackage(): string {
  const { name, version, license, type } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return `${JSON.stringify({ name, version, license, type })}\n`
}
