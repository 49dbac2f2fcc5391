// How modules are joined into files, for `npm start` (bundle.ts) and for what a person downloads (dist/join.ts): Node takes time
// for each file and for each byte of source, so what every capture needs is one file without comments and blanks.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OutputOptions, Plugin } from 'rolldown'

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null
}

/** The module and all that it needs before it can run. */
function needs(id: string, graph: ModuleGraph, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(id)) return found
  found.add(id)
  for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) needs(imported, graph, found)
  return found
}

/** Modules that come into one file of that name: what `entries` need and no group of a higher priority has. */
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

/** Which modules share a file, and how it is written; `js`: the compiled modules. `--version` needs `start` alone, help not `capture`. */
export function chunks(js: string): Pick<OutputOptions, 'format' | 'minify' | 'codeSplitting'> {
  const of = (file: string) => join(js, 'src', file)
  const groups = [
    group('start', 3, of('cli/main.js'), of('cli/version.js'), of('source/pace.js')),
    group('options', 2, of('cli/options/parse.js'), of('cli/help/help.js')),
    group('capture', 1, of('cli/run/capture.js')),
  ]
  // names stay as they are: a stack in a report of a fault should be readable
  return { format: 'esm', minify: { compress: false, mangle: false, codegen: true }, codeSplitting: { groups } }
}

/**
 * Puts the formats of output where declaredIn() looks for them: files that await what imports them would wait for ever once all are one
 * file. Throws where the module does not ask as it is expected to.
 */
export function outputs(js: string): Plugin {
  const MODULE = join(js, 'src/format/outputs.js')
  const ASKS = 'await declaredIn(FOLDER)'
  return {
    name: 'formats of output',
    load(id) {
      if (id !== MODULE) return null
      const text = readFileSync(id, 'utf8')
      if (!text.includes(ASKS)) throw new Error(`${id} does not say ${ASKS}`)
      const files = readdirSync(join(js, 'src/format/outputs')).filter((f) => f.endsWith('.js'))
      const imports = files.sort().map((f, i) => `import declared${i} from './outputs/${f}'\n`)
      return imports.join('') + text.replace(ASKS, `[${files.map((_, i) => `declared${i}`)}]`)
    },
  }
}
