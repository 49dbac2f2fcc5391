// The npm packages in the joined modules, and those whose headers or code the compilers add. `npm sbom` knows their hashes and licences.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Component, Entry, Notice } from './component.js'
import { packageJson } from './join.js'
import { npm } from './npm.js'
import { ROOT } from './root.js'

/** Packages that no module imports: headers of the addon, and code that joins modules. */
const ADDED = ['node-addon-api', 'node-api-headers', 'rolldown'].map((name) => join(ROOT, 'node_modules', name))

/** The components in these folders of packages and in the addon. Throws if a package has no licence. */
export async function npmComponents(folders: readonly string[]): Promise<Component[]> {
  const entries = await locked()
  return npmNotices(folders).map(({ folder, ...notice }) => {
    const { name, version } = packageJson(folder)
    const entry = entries.get(`${name}@${version}`)
    if (entry === undefined) throw new Error(`package-lock.json has no ${name} ${version}, which is in ${folder}`)
    return { entry, ...notice }
  })
}

/** The same without entries for an SBOM, for which older versions of npm suffice. */
export function npmNotices(folders: readonly string[]): (Notice & { readonly folder: string })[] {
  return [...new Set([...folders, ...ADDED])].map((folder) => {
    const { name, version, license } = packageJson(folder)
    return {
      folder,
      title: `${name} ${version} (npm)`,
      text: licenceOf(folder, name, `${name} ${version} (${license})`),
    }
  })
}

/** The entries of all packages in package-lock.json, by name and version. */
async function locked(): Promise<Map<string, Entry>> {
  const bom = JSON.parse(await npm(ROOT, 'sbom', '--sbom-format=cyclonedx', '--package-lock-only'))
  const entries = new Map<string, Entry>()
  for (const { type, name, version, purl, hashes, licenses } of bom.components as Entry[])
    entries.set(`${name}@${version}`, {
      type,
      name,
      version,
      purl,
      ...(licenses && { licenses }),
      ...(hashes && { hashes }),
    })
  return entries
}

/** The licence of a package, with its notice if it has one. */
function licenceOf(folder: string, name: string, title: string): string {
  const own = readdirSync(folder)
    .filter((f) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(f))
    .sort()
  const supplied = join(ROOT, 'src/setup/dist/licences', name.replace('/', '-'))
  const files = own.length > 0 ? own.map((f) => join(folder, f)) : existsSync(supplied) ? [supplied] : []
  if (files.length === 0) throw new Error(`${title} has no licence file: put its text into src/setup/dist/licences`)
  return files.map((f) => readFileSync(f, 'utf8')).join('\n')
}
