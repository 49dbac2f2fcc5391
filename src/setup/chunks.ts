// How modules are joined into files, for `npm start` (bundle.ts) and for distributed packages (dist/join.ts). Node needs time for each file
// and each byte of source, so the modules that every capture needs are one file without comments and blanks.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OutputOptions, Plugin } from 'rolldown'
import { FRAME } from '../views/index.js'

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null
}

/** A module with all its static dependencies. */
function needs(id: string, graph: ModuleGraph, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(id)) return found
  found.add(id)
  for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) needs(imported, graph, found)
  return found
}

/** A group of modules for one file of that name: the dependencies of `entries` that are in no group of a higher priority. */
function group(name: string, priority: number, ...entries: string[]) {
  let members: ReadonlySet<string> | undefined
  return {
    debugName: name,
    priority,
    name: (id: string, graph: ModuleGraph) => {
      members ??= new Set(entries.flatMap((e) => [...needs(e, graph)]))
      return members.has(id) ? name : null
    },
  }
}

/**
 * Which modules share a file, and its format. `js`: the folder of compiled modules. `--version` and the processes that run actions load no
 * file of these but `start`; help does not load `capture`.
 */
export function chunks(js: string): Pick<OutputOptions, 'format' | 'minify' | 'codeSplitting'> {
  const compiled = (file: string) => join(js, 'src', file)
  const groups = [
    group('start', 3, ...['cli/main.js', 'cli/version.js', 'source/pace.js', 'model/own-user.js'].map(compiled)),
    group('options', 2, compiled('cli/options/parse.js'), compiled('cli/help/help.js')),
    group('capture', 1, compiled('cli/run/capture.js')),
  ]
  // names are not mangled, so that stacks in error reports are readable
  return { format: 'esm', minify: { compress: false, mangle: false, codegen: true }, codeSplitting: { groups } }
}

/** A module that loads all files of a folder, with the call that does it, and the files that it leaves out. */
interface Registry {
  readonly module: string
  readonly folder: string
  readonly call: string
  readonly except: ReadonlySet<string>
}

const REGISTRIES: readonly Registry[] = [
  {
    module: 'src/format/outputs.js',
    folder: 'src/format/outputs',
    call: 'await declaredIn(FOLDER)',
    except: new Set(),
  },
  { module: 'src/views/index.js', folder: 'src/views', call: 'await declaredIn(FOLDER, FRAME)', except: FRAME },
]

/** The modules of a compiled folder, sorted. */
const modulesIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.js'))
    .sort()
    .map((file) => ({ name: file.slice(0, -3), path: join(folder, file) }))

/**
 * Replaces the dynamic imports of output formats, views (declaredIn()) and ksys's chisels by imports that are joined: their files would load
 * the modules that they import a second time. Static imports, except for chisels, of which a run needs few: if all were in one file, a module
 * that awaits a module which imports it would wait forever. Throws if an expected call is missing.
 */
export function declared(js: string): Plugin {
  const registries = new Map(REGISTRIES.map((r) => [join(js, r.module), r]))
  return {
    name: 'declarations',
    load(id) {
      if (id === join(js, 'src/chisel/built-in.js')) return chiselImports(join(js, 'chisels'))
      const registry = registries.get(id)
      return registry === undefined ? null : staticImports(id, registry, join(js, registry.folder))
    },
  }
}

function staticImports(id: string, { call, except }: Registry, folder: string): string {
  const text = readFileSync(id, 'utf8')
  if (!text.includes(call)) throw new Error(`${id} does not contain ${call}`)
  const modules = modulesIn(folder).filter(({ name }) => !except.has(name))
  const imports = modules.map(({ path }, i) => `import declared${i} from ${JSON.stringify(path)}\n`)
  return imports.join('') + text.replace(call, `[${modules.map((_, i) => `declared${i}`)}]`)
}

function chiselImports(folder: string): string {
  const entries = modulesIn(folder).map(
    ({ name, path }) => `${JSON.stringify(name)}: () => import(${JSON.stringify(path)})`,
  )
  return `import { parse } from 'node:path'
const CHISELS = {${entries.join(', ')}}
export const importBuiltIn = async (file) => CHISELS[parse(file).name]()
`
}
