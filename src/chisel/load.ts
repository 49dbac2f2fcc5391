// Loads chisels by name from the folders, or from a path, and checks that a file can be trusted and contains a chisel.
import { register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { nearest } from '../filter/index.js'
import { trustedFile, trustedOwners, UntrustedError } from '../model/trusted-file.js'
import { ChiselError } from './args.js'
import { importBuiltIn } from './built-in.js'
import type { Chisel } from './define.js'
import { failureOf } from './failure.js'
import { faultsError, whyNotChisel } from './faults.js'
import { allChisels, type ChiselFile, findChisel, unreadable } from './places.js'

/** Maximum number of similar names to suggest for an unknown name. */
const MOST_SIMILAR = 5

export interface Loaded extends ChiselFile {
  readonly def: Chisel
}

/** No chisel has that name. */
export class UnknownChisel extends ChiselError {
  /** near: similar names */
  constructor(
    name: string,
    readonly near: readonly string[],
  ) {
    super(`there is no chisel '${name}'`)
  }
}

/** Loads the chisel of that name or path. Throws ChiselError. */
export async function loadChisel(name: string): Promise<Loaded> {
  const file = findChisel(name)
  if (file !== undefined) return load(file)
  if (name.includes('/')) throw new ChiselError(`there is no file ${name}`)
  const names = allChisels().map((c) => c.name)
  throw new UnknownChisel(name, similar(name, names).slice(0, MOST_SIMILAR))
}

/** Names similar to a wrong one: those that contain it, else the nearest by spelling, compared in full or up to the first _. */
function similar(wrong: string, names: readonly string[]): readonly string[] {
  const bare = wrong.toLowerCase().replace(/\.lua$/, '')
  for (const is of [(n: string) => n.startsWith(bare), (n: string) => bare.length > 2 && n.includes(bare)]) {
    const matches = names.filter(is)
    if (matches.length > 0) return matches
  }
  const heads = names.map((n) => n.replace(/_.*/, ''))
  const near = nearest(bare, [...names, ...heads])
  return near === undefined ? [] : names.filter((n) => n === near || n.startsWith(`${near}_`))
}

/** All chisels that can be loaded, and a sentence for each chisel or folder that cannot. */
export async function loadAll(): Promise<{ chisels: Loaded[]; problems: string[] }> {
  const chisels: Loaded[] = []
  const problems = unreadable()
  for (const file of allChisels()) {
    try {
      chisels.push(await load(file))
    } catch (e) {
      if (!(e instanceof ChiselError)) throw e
      problems.push(e.message)
    }
  }
  return { chisels, problems }
}

let resolverRegistered = false

async function load(found: ChiselFile): Promise<Loaded> {
  const file = found.builtIn ? found.file : trusted(found.file)
  if (!found.builtIn && !resolverRegistered) {
    register('../chisel/resolver.js', import.meta.url)
    resolverRegistered = true
  }
  let module: { default?: unknown }
  try {
    module = (await (found.builtIn ? importBuiltIn(file) : import(pathToFileURL(file).href))) as typeof module
  } catch (e) {
    if (/\.m?ts$/.test(file) && (e as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw new ChiselError(
        `${file} is TypeScript, which this version of Node.js does not run (22.18 and later do): compile it to JavaScript`,
      )
    throw new ChiselError(`cannot load chisel ${found.name}: ${failureOf(e, file)}`)
  }
  const def = module.default
  const faults = whyNotChisel(def)
  if (faults.length > 0) throw faultsError(`${file} is not a chisel`, faults)
  return { ...found, file, def: def as Chisel }
}

/** The real path of a file that only this user and root can change (trustedFile). Throws ChiselError. */
function trusted(file: string): string {
  try {
    return trustedFile(file, trustedOwners())
  } catch (e) {
    if (!(e instanceof UntrustedError)) throw e
    throw new ChiselError(
      `${file} is not run: ${e.message}. ksys only runs chisels that belong to you or root and that no other user can change`,
    )
  }
}
