// How modules are joined into files, for `npm start` (bundle.ts) and for distributed packages (dist/join.ts). Node needs time for each file
// and each byte of source, so the modules that every capture needs are one file without comments and blanks.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OutputOptions, Plugin } from 'rolldown'

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

/** Which modules share a file, and its format. `js`: the folder of compiled modules. `--version` only loads `start`; help does not load `capture`. */
export function chunks(js: string): Pick<OutputOptions, 'format' | 'minify' | 'codeSplitting'> {
  const compiled = (file: string) => join(js, 'src', file)
  const groups = [
    group('start', 3, compiled('cli/main.js'), compiled('cli/version.js'), compiled('source/pace.js')),
    group('options', 2, compiled('cli/options/parse.js'), compiled('cli/help/help.js')),
    group('capture', 1, compiled('cli/run/capture.js')),
  ]
  // names are not mangled, so that stacks in error reports are readable
  return { format: 'esm', minify: { compress: false, mangle: false, codegen: true }, codeSplitting: { groups } }
}

/**
 * Replaces the dynamic import of output formats (declaredIn()) by static imports: if all were in one file, a module that awaits a module
 * which imports it would wait forever. Throws if the expected call is missing.
 */
export function outputs(js: string): Plugin {
  const MODULE = join(js, 'src/format/outputs.js')
  const CALL = 'await declaredIn(FOLDER)'
  return {
    name: 'formats of output',
    load(id) {
      if (id !== MODULE) return null
      const text = readFileSync(id, 'utf8')
      if (!text.includes(CALL)) throw new Error(`${id} does not contain ${CALL}`)
      const files = readdirSync(join(js, 'src/format/outputs')).filter((f) => f.endsWith('.js'))
      const imports = files.sort().map((f, i) => `import declared${i} from './outputs/${f}'\n`)
      return imports.join('') + text.replace(CALL, `[${files.map((_, i) => `declared${i}`)}]`)
    },
  }
}
