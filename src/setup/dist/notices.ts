// Builds NOTICES: the licences of all third-party software in the shipped files, from the packages themselves. A missing licence is an error.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { buildLibraries, compilerFor } from './addon.js'
import { type Arch, HOST_ARCH } from './arch.js'
import { packageJson } from './join.js'
import { nodePackage } from './npm.js'
import { BUILD_LIBRARIES, SHIPPED_NODE } from './pins.js'
import { ROOT } from './root.js'
import { run } from './run.js'

/** The licence of one component. */
interface Notice {
  readonly name: string
  readonly text: string
}

const RULE = '='.repeat(79)
const COMMON = /\/usr\/share\/common-licenses\/([\w.-]*\w)/g

/** The licence of an npm package, with its notice if it has one. */
function packageNotice(folder: string): Notice {
  const { name, version, license } = packageJson(folder)
  const own = readdirSync(folder)
    .filter((f) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(f))
    .sort()
  const supplied = join(ROOT, 'src/setup/dist/licences', name.replace('/', '-'))
  const files = own.length > 0 ? own.map((f) => join(folder, f)) : existsSync(supplied) ? [supplied] : []
  if (files.length === 0)
    throw new Error(`${name} ${version} (${license}) has no licence file: put its text into src/setup/dist/licences`)
  return { name: `${name} ${version} (npm)`, text: files.map((f) => readFileSync(f, 'utf8')).join('\n') }
}

/** The licence of a Debian package. source: its source package with version. */
function debianNotice(name: string, docs: string, source: string): Notice {
  const file = join(docs, 'copyright')
  if (!existsSync(file)) throw new Error(`the Debian package ${name} has no licence: ${file} does not exist`)
  return { name: `${name} (Debian's source package ${source})`, text: readFileSync(file, 'utf8') }
}

async function installedNotice(name: string): Promise<Notice> {
  const status = await run('dpkg-query', ['--status', name])
  const field = (name: string) => new RegExp(`^${name}: (\\S+)`, 'm').exec(status)?.[1]
  return debianNotice(name, join('/usr/share/doc', name), `${field('Source') ?? name} ${field('Version')}`)
}

/** The licence of an unpacked package: its changelog starts with its source package. */
function unpackedNotice(name: string, tree: string): Notice {
  const docs = join(tree, 'usr/share/doc', name)
  const changes = gunzipSync(readFileSync(join(docs, 'changelog.Debian.gz'))).toString()
  return debianNotice(name, docs, changes.slice(0, changes.indexOf(')')).replace('(', ''))
}

/** The Debian package of a file on this machine. */
async function ownerOf(file: string): Promise<string> {
  const output = await run('dpkg', ['--search', realpathSync(file)])
  return output.replace(/[,:].*/s, '')
}

/** The licences of the libraries linked into the addon for a processor. */
async function addonNotices(arch: Arch): Promise<Notice[]> {
  const standard = (await run(compilerFor(arch), ['-print-file-name=libstdc++.a'])).trim()
  const { packages } = BUILD_LIBRARIES
  const tree = arch === HOST_ARCH ? undefined : await buildLibraries(arch)
  return Promise.all([
    ...packages.map((name) => (tree === undefined ? installedNotice(name) : unpackedNotice(name, tree))),
    installedNotice(await ownerOf(standard)),
  ])
}

/** The texts of common licences (/usr/share/common-licenses) that the notices reference. */
function commonOf(notices: readonly Notice[]): Notice[] {
  const names = notices.flatMap(({ text }) => [...text.matchAll(COMMON)].map((m) => m[1] as string))
  const files = new Set(names.map((n) => realpathSync(join('/usr/share/common-licenses', n))))
  return [...files].sort().map((file) => ({
    name: file.slice(file.lastIndexOf('/') + 1),
    text: readFileSync(file, 'utf8'),
  }))
}

/** Prints components with the same text once, under all their names. */
function printed(notices: readonly Notice[]): string {
  const names = new Map<string, string[]>()
  for (const { name, text } of notices) {
    const body = text.trim()
    const known = names.get(body)
    if (known === undefined) names.set(body, [name])
    else if (!known.includes(name)) known.push(name)
  }
  return [...names].map(([text, of]) => `${RULE}\n${of.join('\n')}\n${RULE}\n\n${text}\n`).join('\n')
}

/** The text of NOTICES for these processors: licences of Node, of the addons' libraries, and of the npm packages in these folders. */
export async function notices(arches: readonly Arch[], packages: readonly string[]): Promise<string> {
  const { version } = SHIPPED_NODE
  const nodes = await Promise.all(
    arches.map(async (arch) => ({
      name: `Node.js ${version}, with what is inside of it (in the executable, the .deb and the image)`,
      text: readFileSync(join(await nodePackage(version, arch), 'LICENSE'), 'utf8'),
    })),
  )
  const addons = (await Promise.all(arches.map(addonNotices))).flat()
  const headers = ['node-addon-api', 'node-api-headers', 'rolldown'].map((p) => join(ROOT, 'node_modules', p))
  const others = [...new Set([...packages, ...headers])].map(packageNotice)
  const all = [...nodes, ...addons, ...others]
  const head = `ksys is under the Apache License 2.0 (LICENSE). Inside of what is downloaded is work of others:\n\n`
  return head + printed([...all, ...commonOf(all)])
}
