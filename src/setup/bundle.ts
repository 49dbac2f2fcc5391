// Joins the compiled modules of the command and of its workers into few files. What is not joined (chisels, views) is loaded from
// beside: the joined files lie as deep as the rooms do, so code that looks for a file as ../ROOM/FILE finds it from both.
import { resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { chunks, outputs } from './chunks.js'

/** Packages that are joined, with all that they need. The others are loaded by require() where they are used, or never. */
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
  // prepareChisels is loaded later by some and at once by others, which is as it should be
  checks: { ineffectiveDynamicImport: false },
})
await bundle.write({ dir: `${JS}/src/joined`, chunkFileNames: '[name].js', cleanDir: true, ...chunks(JS) })
await bundle.close()
