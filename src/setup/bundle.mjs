// Joins the compiled modules of the command into few files: Node loads 280 modules in 150 ms, these in 50. What is not joined
// (chisels, views, the UI's worker) is loaded from beside: the joined files lie as deep as the rooms do, so code that looks
// for a file as ../ROOM/FILE finds it from both.
import { rolldown } from 'rolldown'

const bundle = await rolldown({
  input: './.build/js/src/cli/main.js',
  platform: 'node',
  external: /^[^./]/,
})
await bundle.write({ dir: '.build/js/src/joined', format: 'esm', chunkFileNames: '[name].js', cleanDir: true })
await bundle.close()
