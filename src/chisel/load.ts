// Loads chisels: by name from the folders, or from a path; checks that a file really holds one.
import { register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { nearest } from '../filter/index.js'
import { ChiselError } from './args.js'
import type { Chisel } from './define.js'
import { failureOf } from './failure.js'
import { allChisels, type Found, findChisel, unreadable } from './places.js'
import { trusted } from './trust.js'

/** chisels that are named when none has the name that was given */
const MOST_SIMILAR = 5

export interface Loaded {
  readonly name: string
  readonly file: string
  readonly builtIn: boolean
  readonly def: Chisel
}

/** There is no chisel of that name. */
export class UnknownChisel extends ChiselError {
  /** near: the names that may have been meant */
  constructor(
    name: string,
    readonly near: readonly string[],
  ) {
    super(`there is no chisel '${name}'`)
  }
}

/** Loads the chisel of that name or path. Throws ChiselError. */
export async function loadChisel(name: string): Promise<Loaded> {
  const found = findChisel(name)
  if (found !== undefined) return load(found)
  if (name.includes('/')) throw new ChiselError(`there is no file ${name}`)
  const names = allChisels().map((c) => c.name)
  throw new UnknownChisel(name, similar(name, names).slice(0, MOST_SIMILAR))
}

/** Names that were meant by a wrong one: those that it is a part of, or the nearest, as a whole or up to a _. */
function similar(wrong: string, names: readonly string[]): readonly string[] {
  const bare = wrong.toLowerCase().replace(/\.lua$/, '')
  for (const is of [(n: string) => n.startsWith(bare), (n: string) => bare.length > 2 && n.includes(bare)]) {
    const found = names.filter(is)
    if (found.length > 0) return found
  }
  const heads = names.map((n) => n.replace(/_.*/, ''))
  const near = nearest(bare, [...names, ...heads])
  return near === undefined ? [] : names.filter((n) => n === near || n.startsWith(`${near}_`))
}

/** All chisels that can be loaded, and a sentence for each, or each folder, that cannot. */
export async function loadAll(): Promise<{ chisels: Loaded[]; problems: string[] }> {
  const chisels: Loaded[] = []
  const problems = unreadable()
  for (const found of allChisels()) {
    try {
      chisels.push(await load(found))
    } catch (e) {
      if (!(e instanceof ChiselError)) throw e
      problems.push(e.message)
    }
  }
  return { chisels, problems }
}

let resolving = false

async function load(found: Found): Promise<Loaded> {
  const file = found.builtIn ? found.file : trusted(found.file)
  if (!found.builtIn && !resolving) {
    register('../chisel/resolver.js', import.meta.url)
    resolving = true
  }
  let module: { default?: unknown }
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module
  } catch (e) {
    if (/\.m?ts$/.test(file) && (e as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw new ChiselError(
        `${file} is TypeScript, which this version of Node.js does not run (22.18 does): compile it to JavaScript`,
      )
    throw new ChiselError(`chisel ${found.name} cannot be loaded: ${failureOf(e)}`)
  }
  const def = module.default
  const wrong = whatIsWrong(def)
  if (wrong !== undefined) throw new ChiselError(`${file} is no chisel: ${wrong}`)
  return { ...found, file, def: def as Chisel }
}

/** A sentence when the value cannot be a chisel. What it does is checked when it runs. */
function whatIsWrong(def: unknown): string | undefined {
  if (typeof def !== 'object' || def === null) return 'it needs export default defineChisel({ ... })'
  const d = def as Record<string, unknown>
  if (typeof d.description !== 'string') return 'it has no description'
  if (d.hooks === undefined && d.table === undefined) return 'it has neither a table nor hooks'
  if (d.hooks !== undefined && typeof d.hooks !== 'function') return 'its hooks are no function'
  if (d.args !== undefined && (typeof d.args !== 'object' || d.args === null)) return 'its args are no object'
  return undefined
}
