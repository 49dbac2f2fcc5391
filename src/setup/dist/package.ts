// Builds the npm package: the joined modules with an addon for each processor. It has no dependencies that npm must download.
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
/** Folders of src that are not part of the program. */
const NOT_SHIPPED = /^(setup|executable|joined)(\/|$)/

/** Builds the package and returns its path. */
export async function makePackage(arches: readonly Arch[], common: Common): Promise<string> {
  const folder = join(WORK, 'package')
  fillTree(folder, common, arches)
  // type declarations for users' chisels
  const types = join(ROOT, JS)
  cpSync(types, join(folder, JS), {
    recursive: true,
    filter: (file) => !NOT_SHIPPED.test(relative(types, file)) && (!/\.[^/]+$/.test(file) || file.endsWith('.d.ts')),
  })
  for (const file of ['README.md', 'CHANGELOG.md']) cpSync(join(ROOT, file), join(folder, file))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(arches), undefined, 2)}\n`)
  const output = await npm(folder, 'pack', '--pack-destination', DIST)
  return join(DIST, output.trim().split('\n').at(-1) as string)
}

/** The checkout's package.json without the development keys. */
function manifest(arches: readonly Arch[]): object {
  const { scripts, devDependencies, dependencies, files, ...shipped } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  )
  const bundled = REQUIRED.map((name) => [name, packageJson(join(ROOT, 'node_modules', name)).version])
  return {
    ...shipped,
    cpu: arches.map((arch) => NPM_ARCH[arch]),
    dependencies: Object.fromEntries(bundled),
    bundleDependencies: REQUIRED,
  }
}
