// The savings of drawing finished lines (src/tui/components/drawn-lines.ts), compared with Ink's own drawing: CPU and memory for each
// frame, and bytes to the terminal.
// usage: npm start -- --version; NODE_ENV=production node --expose-gc test/bench/ink.mjs lines|ink [FRAMES]
import { Writable } from 'node:stream'
import { Box, render, Text } from 'ink'
import { createElement as h, useLayoutEffect, useRef } from 'react'

const BUILT = new URL('../../.build/js/src/tui/', import.meta.url)
const { Line } = await import(`${BUILT}components/line.js`)
const { drawnLines } = await import(`${BUILT}components/drawn-lines.js`)
const { Screen } = await import(`${BUILT}terminal/screen.js`)

const [variant, frames = '2000'] = process.argv.slice(2)
const FRAMES = Number(frames)
const [WIDTH, HEIGHT] = [120, 40]
/** Each third line changes with each frame. */
const EACH = 3
let bytes = 0

class Terminal extends Writable {
  columns = WIDTH

  constructor(counts) {
    super({ decodeStrings: false })
    this.counts = counts
  }

  _write(chunk, _encoding, done) {
    if (this.counts) bytes += String(chunk).length
    done()
  }
}

const texts = (i, n) => [`${i} `, `${(i * 7919 + n * 31) % 100_000}`, `  process-${i}`, `  ${((i * n) % 977) / 10}%`]

function InkLine({ i, n }) {
  const parts = texts(i, n).map((text, k) => h(Text, { key: k, color: k === 1 ? 'green' : undefined }, text))
  return h(Box, { width: WIDTH, height: 1, flexShrink: 0 }, h(Text, { wrap: 'truncate' }, ...parts))
}

const FinishedLine = ({ i, n }) =>
  h(Line, { width: WIDTH, spans: texts(i, n).map((text, k) => [text, k === 1 ? 'good' : 'text']) })

const screen = new Screen(new Terminal(true), HEIGHT)

const App = ({ n }) => {
  const box = useRef(null)
  useLayoutEffect(() => {
    if (variant === 'lines') screen.draw(drawnLines(box.current))
  })
  const line = variant === 'lines' ? FinishedLine : InkLine
  const lines = Array.from({ length: HEIGHT - 1 }, (_, i) => h(line, { key: i, i, n: i % EACH === 0 ? n : 0 }))
  const position = variant === 'lines' ? 'absolute' : 'relative'
  return h(Box, { ref: box, position, flexDirection: 'column', height: HEIGHT }, ...lines)
}

const options = {
  stdout: new Terminal(variant !== 'lines'),
  exitOnCtrlC: false,
  patchConsole: false,
  incrementalRendering: true,
  maxFps: variant === 'lines' ? 1 : 1000,
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
