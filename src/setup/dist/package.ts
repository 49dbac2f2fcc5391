// Builds the npm package: the joined modules with an addon for each processor. It has no dependencies that npm must download.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Arch } from './arch.js'
import { NPM_ARCH } from './arch.js'
import { packageJson, REQUIRED } from './join.js'
import { npm } from './npm.js'
import { ROOT } from './root.js'
import { type Common, fillTree } from './tree.js'

const JS = '.build/js/src'
/** Folders of src that are not part of the program. */
const NOT_SHIPPED = /^(setup|executable|joined)(\/|$)/

/** Builds the package with these addons in `to` and returns its path. folder: a folder for its files. */
export async function makePackage(
  addons: ReadonlyMap<Arch, string>,
  common: Common,
  { folder, to }: { readonly folder: string; readonly to: string },
): Promise<string> {
  fillTree(folder, common, addons)
  // type declarations for users' chisels
  const types = join(ROOT, JS)
  cpSync(types, join(folder, JS), {
    recursive: true,
    filter: (file) => !NOT_SHIPPED.test(relative(types, file)) && (!/\.[^/]+$/.test(file) || file.endsWith('.d.ts')),
  })
  for (const file of ['README.md', 'CHANGELOG.md']) cpSync(join(ROOT, file), join(folder, file))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest([...addons.keys()]), undefined, 2)}\n`)
  const output = await npm(folder, 'pack', '--pack-destination', to)
  return join(to, output.trim().split('\n').at(-1) as string)
}

/** The checkout's package.json without what only development needs, and without the mark that the checkout is no package. */
function manifest(arches: readonly Arch[]): object {
  const {
    private: _,
    scripts,
    devDependencies,
    dependencies,
    ...shipped
  } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const bundled = REQUIRED.map((name) => [name, packageJson(join(ROOT, 'node_modules', name)).version])
  return {
    ...shipped,
    cpu: arches.map((arch) => NPM_ARCH[arch]),
    dependencies: Object.fromEntries(bundled),
    bundleDependencies: REQUIRED,
  }
}
