// The npm package: the joined modules with an addon for each processor. It depends on nothing that npm would have to bring.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Arch } from './arch.js'
import { NPM_ARCH } from './arch.js'
import { packageJson, REQUIRED } from './join.js'
import { npm } from './npm.js'
import { DIST, WORK } from './places.js'
import { ROOT } from './root.js'
import { type Common, fillTree } from './tree.js'

const JS = '.build/js/src'
/** Folders of src that are no part of the program. */
const NOT_SHIPPED = /^(setup|executable|joined)(\/|$)/

/** Makes the package; the path of its file. */
export async function makePackage(arches: readonly Arch[], common: Common): Promise<string> {
  const folder = join(WORK, 'package')
  fillTree(folder, common, arches)
  // the types of what chisels of users import
  const types = join(ROOT, JS)
  cpSync(types, join(folder, JS), {
    recursive: true,
    filter: (file) => !NOT_SHIPPED.test(relative(types, file)) && (!/\.[^/]+$/.test(file) || file.endsWith('.d.ts')),
  })
  for (const file of ['README.md', 'CHANGELOG.md']) cpSync(join(ROOT, file), join(folder, file))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(arches), undefined, 2)}\n`)
  const said = await npm(folder, 'pack', '--pack-destination', DIST)
  return join(DIST, said.trim().split('\n').at(-1) as string)
}

/** The checkout's package.json, without what is only for working on ksys. */
function manifest(arches: readonly Arch[]): object {
  const { scripts, devDependencies, dependencies, files, ...kept } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  )
  const bundled = REQUIRED.map((name) => [name, packageJson(join(ROOT, 'node_modules', name)).version])
  return {
    ...kept,
    cpu: arches.map((arch) => NPM_ARCH[arch]),
    dependencies: Object.fromEntries(bundled),
    bundleDependencies: REQUIRED,
  }
}
