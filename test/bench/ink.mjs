// The savings of the UI's own use of Ink, compared with Ink's usual one: CPU and memory for each frame, and bytes to the terminal.
// usage: NODE_ENV=production node --expose-gc test/bench/ink.mjs sized|text [FRAMES] [tty]
//   sized: a line has its size, as components/line.tsx draws it; text: Ink measures it. tty: Ink writes to a terminal that it knows.
import { Writable } from 'node:stream'
import { Box, render, Text } from 'ink'
import { createElement as h } from 'react'

const [variant, frames = '2000', tty] = process.argv.slice(2)
const FRAMES = Number(frames)
const [WIDTH, HEIGHT] = [120, 40]
/** Each third line changes with each frame. */
const EACH = 3
let bytes = 0

class Screen extends Writable {
  columns = WIDTH
  isTTY = tty === 'tty'
  rows = tty === 'tty' ? HEIGHT : undefined

  _write(chunk, _encoding, done) {
    bytes += String(chunk).length
    done()
  }
}

const texts = (i, n) => [`${i} `, `${(i * 7919 + n * 31) % 100_000}`, `  process-${i}`, `  ${((i * n) % 977) / 10}%`]

function Line({ i, n }) {
  const parts = texts(i, n).map((text, k) => h(Text, { key: k, color: k === 1 ? 'green' : undefined }, text))
  const size = { width: WIDTH, height: 1, flexShrink: 0 }
  if (variant === 'sized') return h('ink-text', { style: size }, ...parts)
  return h(Box, size, h(Text, { wrap: 'truncate' }, ...parts))
}

const App = ({ n }) => {
  const lines = Array.from({ length: HEIGHT - 1 }, (_, i) => h(Line, { key: i, i, n: i % EACH === 0 ? n : 0 }))
  return h(Box, { flexDirection: 'column', height: HEIGHT }, ...lines)
}

const options = {
  stdout: new Screen(),
  exitOnCtrlC: false,
  patchConsole: false,
  incrementalRendering: true,
  maxFps: 1000,
}
const ink = render(h(App, { n: 0 }), options)
global.gc()
const heap = process.memoryUsage().heapUsed
const cpu = process.cpuUsage()
for (let n = 1; n <= FRAMES; n++) {
  ink.rerender(h(App, { n }))
  await new Promise((resolve) => setTimeout(resolve, 1))
}
const { user, system } = process.cpuUsage(cpu)
global.gc()
const grown = (process.memoryUsage().heapUsed - heap) / 1024 / FRAMES
process.stderr.write(
  `${variant}: ${((user + system) / 1000 / FRAMES).toFixed(2)} ms of CPU, ${grown.toFixed(2)} KB kept and ${Math.round(bytes / FRAMES)} bytes written for a frame\n`,
)
ink.unmount()
