// Joins the compiled modules of the command and of its workers into few files. Other modules (chisels, views) are loaded from their own
// files. Main is joined twice: as modules, and as scripts, whose compiled code can be cached (src/code-cache.ts).
// The joined files are at the same depth as the modules' folders, so that a relative path ../MODULE/FILE is valid from both.
import { resolve } from 'node:path'
import { type InputOptions, type Plugin, rolldown } from 'rolldown'
import { chunks, declared } from './chunks.js'

/** Packages that are joined, with their dependencies. Others are loaded by require() when they are used. */
const JOINED = /^(ink|react|commander|msgpackr|yaml)(\/|$)/

/** Packages that cannot be scripts, because they await something when they are loaded. Only `ksys ui` needs them: main.ts takes modules for it. */
const MODULES_ONLY = /^(ink|react)(\/|$)/

function staysOutside(id: string, importer: string | undefined): boolean {
  if (/^[./]/.test(id)) return false
  if (id === 'react-devtools-core') return true
  return !JOINED.test(id) && !importer?.includes('/node_modules/')
}

const JS = resolve('.build/js')
const OPTIONS = {
  platform: 'node',
  plugins: [declared(JS)],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  // prepareChisels is imported both statically and dynamically, which is intended
  checks: { ineffectiveDynamicImport: false },
} as const satisfies InputOptions
const dir = `${JS}/src/joined`
const main = `${JS}/src/cli/main.js`

const modules = await rolldown({
  ...OPTIONS,
  input: { main, worker: `${JS}/src/tui/worker.js`, 'symbol-worker': `${JS}/src/stacks/symbol-worker.js` },
  external: staysOutside,
})
await modules.write({ dir, chunkFileNames: '[name].js', cleanDir: true, ...chunks(JS) })
await modules.close()

const scripted: Plugin = {
  name: 'scripts',
  /** Replaces import() by a function of the scripts' loader (src/code-cache.ts). */
  renderChunk: (code) => code.replace(/\bimport\(/g, 'importModule('),
  /** Escapes characters outside ASCII: V8 uses two bytes for each character of a source that has one outside Latin-1. */
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk')
        chunk.code = chunk.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        )
  },
}

const scripts = await rolldown({
  ...OPTIONS,
  plugins: [declared(JS), scripted],
  input: { main },
  external: (id, importer) => MODULES_ONLY.test(id) || staysOutside(id, importer),
})
const names = { entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' }
await scripts.write({ dir, ...names, ...chunks(JS), format: 'cjs' })
await scripts.close()
