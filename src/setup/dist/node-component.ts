// The Node in the executable, the .deb and the image, with the libraries that it contains.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOST_ARCH } from './arch.js'
import { type Component, type Entry, licensed, purl } from './component.js'
import { nodePackage } from './npm.js'
import { SHIPPED_NODE } from './pins.js'
import { run } from './run.js'

/** Keys of `process.versions` that are not software. */
const NOT_SOFTWARE = ['node', 'modules', 'napi', 'unicode', 'tz', 'cldr']

export async function nodeComponent(): Promise<Component> {
  const { version } = SHIPPED_NODE
  const folder = await nodePackage(version, HOST_ARCH)
  const inside = JSON.parse(await run(join(folder, 'bin/node'), ['-p', 'JSON.stringify(process.versions)']))
  const components = Object.entries<string>(inside)
    // without a version: this Node is built without it
    .filter(([name, own]) => own !== '' && !NOT_SOFTWARE.includes(name))
    .map(([name, own]): Entry => ({ type: 'library', name, version: own, purl: purl('generic', name, own) }))
  return {
    entry: {
      type: 'platform',
      name: 'node',
      version,
      purl: purl('generic', 'node', version),
      cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
      licenses: licensed('MIT'),
      components,
    },
    title: `Node.js ${version}, with what is inside of it (in the executable, the .deb and the image)`,
    text: readFileSync(join(folder, 'LICENSE'), 'utf8'),
  }
}
