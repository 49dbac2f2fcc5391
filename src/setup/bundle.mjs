// Joins the compiled modules of the command and of its workers into few files: Node loads 280 modules in 150 ms, these in
// 50. What is not joined (chisels, views) is loaded from beside: the joined files lie as deep as the rooms do, so code that looks
// for a file as ../ROOM/FILE finds it from both. Formats of output, which a module looks for in the folder beside it, are joined.
import { readdirSync } from 'node:fs'
import { rolldown } from 'rolldown'

const OUTPUTS = './.build/js/src/format/outputs'
const outputs = readdirSync(OUTPUTS).filter((f) => f.endsWith('.js'))

/** Of packages only Ink is joined, with all that it needs: it takes 0.4 s to load, a third of it when joined. */
function staysOutside(id, importer) {
  if (/^[./]/.test(id)) return false
  if (id === 'react-devtools-core') return true
  return !/^(ink|react)(\/|$)/.test(id) && !importer?.includes('/node_modules/')
}

const bundle = await rolldown({
  input: {
    main: './.build/js/src/cli/main.js',
    worker: './.build/js/src/tui/worker.js',
    'line-worker': './.build/js/src/cli/lines/line-worker.js',
    ...Object.fromEntries(outputs.map((f) => [`outputs/${f.slice(0, -3)}`, `${OUTPUTS}/${f}`])),
  },
  platform: 'node',
  external: staysOutside,
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
})
await bundle.write({ dir: '.build/js/src/joined', format: 'esm', chunkFileNames: '[name].js', cleanDir: true })
await bundle.close()
