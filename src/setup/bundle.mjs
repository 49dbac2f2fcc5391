// Joins the compiled modules of the command and of the UI's worker into few files: Node loads 280 modules in 150 ms, these in
// 50. What is not joined (chisels, views) is loaded from beside: the joined files lie as deep as the rooms do, so code that looks
// for a file as ../ROOM/FILE finds it from both.
import { rolldown } from 'rolldown'

const bundle = await rolldown({
  input: { main: './.build/js/src/cli/main.js', worker: './.build/js/src/tui/worker.js' },
  platform: 'node',
  external: /^[^./]/,
})
await bundle.write({ dir: '.build/js/src/joined', format: 'esm', chunkFileNames: '[name].js', cleanDir: true })
await bundle.close()
