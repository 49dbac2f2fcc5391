// Debian's libraries inside the shipped files: those linked into the addon, and those of the image.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { buildLibraries, compilerFor } from './addon.js'
import { type Arch, HOST_ARCH } from './arch.js'
import { type Component, licensed, purl } from './component.js'
import { imageLibraries } from './image-libraries.js'
import { BUILD_LIBRARIES, IMAGE_LIBRARIES } from './pins.js'
import { run } from './run.js'

/** The licences of what is linked or copied, as SPDX expressions; Debian's packages only have texts. */
const LICENCES: readonly (readonly [like: RegExp, expression: string])[] = [
  [/^libbpf-/, 'LGPL-2.1-only OR BSD-2-Clause'],
  [/^libelf-/, 'GPL-2.0-or-later OR LGPL-3.0-or-later'],
  [/^libzstd-/, 'BSD-3-Clause OR GPL-2.0-only'],
  [/^zlib1g-/, 'Zlib'],
  [/^(libstdc\+\+|libgcc-s1$)/, 'GPL-3.0-or-later WITH GCC-exception-3.1'],
  [/^libc6$/, 'LGPL-2.1-or-later'],
]

/** A Debian package, and where its copyright file is. */
interface Package {
  readonly name: string
  readonly docs: string
  readonly version: string
  /** its source package, with @ and the version of that if it is another one */
  readonly source: string
  /** the name of the release */
  readonly suite: string
  readonly arch: Arch
}

/** The libraries linked into the addon for a processor. */
export async function addonComponents(arch: Arch): Promise<Component[]> {
  const standard = await ownerOf((await run(compilerFor(arch), ['-print-file-name=libstdc++.a'])).trim())
  const { packages, suite } = BUILD_LIBRARIES
  const tree = arch === HOST_ARCH ? undefined : await buildLibraries(arch)
  const libraries = packages.map((name) =>
    tree === undefined ? installed(name, arch) : unpacked(name, tree, suite, arch),
  )
  return (await Promise.all([...libraries, installed(standard, arch)])).map(componentOf)
}

/** The libraries in the image for a processor. */
export async function imageComponents(arch: Arch): Promise<Component[]> {
  const { suite, packages } = IMAGE_LIBRARIES
  const tree = await imageLibraries(arch)
  const names = Object.entries(packages).flatMap(([name, files]) => (files.length > 0 ? [name] : []))
  return names.map((name) => componentOf(unpacked(name, tree, suite, arch)))
}

function componentOf({ name, docs, source, version, suite, arch }: Package): Component {
  const file = join(docs, 'copyright')
  if (!existsSync(file)) throw new Error(`the Debian package ${name} has no licence: ${file} does not exist`)
  const licence = LICENCES.find(([like]) => like.test(name))?.[1]
  if (licence === undefined) throw new Error(`debian-components.ts has no licence of the Debian package ${name}`)
  return {
    entry: {
      type: 'library',
      name,
      version,
      purl: purl('deb/debian', name, version, { arch, distro: suite, upstream: source }),
      licenses: licensed(licence),
    },
    title: `${name} ${version} (Debian's source package ${source})`,
    text: readFileSync(file, 'utf8'),
  }
}

/** A package of this machine. */
async function installed(name: string, arch: Arch): Promise<Package> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of dpkg
  const format = '${Version}\t${source:Package}\t${source:Version}'
  const shown = await run('dpkg-query', ['--show', `--showformat=${format}`, name])
  const [version = '', from = name, of = ''] = shown.split('\t')
  const source = of === version ? from : `${from}@${of}`
  const suite = /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown'
  return { name, docs: join('/usr/share/doc', name), source, version, suite, arch }
}

/** An unpacked package: its changelog starts with its source package. */
function unpacked(name: string, tree: string, suite: string, arch: Arch): Package {
  const docs = realpathSync(join(tree, 'usr/share/doc', name))
  const changes = gunzipSync(readFileSync(join(docs, 'changelog.Debian.gz'))).toString()
  const [, source = name, version = ''] = /^(\S+) \(([^)]+)\)/.exec(changes) ?? []
  return { name, docs, source, version, suite, arch }
}

/** The Debian package of a file on this machine. */
async function ownerOf(file: string): Promise<string> {
  const output = await run('dpkg', ['--search', realpathSync(file)])
  return output.replace(/[,:].*/s, '')
}
