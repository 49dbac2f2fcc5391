// Joins the compiled modules of the command and of its workers into few files. Other modules (chisels, views) are loaded from their own
// files. The joined files are at the same depth as the modules' folders, so that a relative path ../MODULE/FILE is valid from both.
import { resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { chunks, outputs } from './chunks.js'

/** Packages that are joined, with their dependencies. Others are loaded by require() when they are used. */
const JOINED = /^(ink|react|commander|msgpackr)(\/|$)/

function staysOutside(id: string, importer: string | undefined): boolean {
  if (/^[./]/.test(id)) return false
  if (id === 'react-devtools-core') return true
  return !JOINED.test(id) && !importer?.includes('/node_modules/')
}

const JS = resolve('.build/js')
const bundle = await rolldown({
  input: {
    main: `${JS}/src/cli/main.js`,
    worker: `${JS}/src/tui/worker.js`,
    'symbol-worker': `${JS}/src/stacks/symbol-worker.js`,
  },
  platform: 'node',
  external: staysOutside,
  plugins: [outputs(JS)],
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  // prepareChisels is imported both statically and dynamically, which is intended
  checks: { ineffectiveDynamicImport: false },
})
await bundle.write({ dir: `${JS}/src/joined`, chunkFileNames: '[name].js', cleanDir: true, ...chunks(JS) })
await bundle.close()
