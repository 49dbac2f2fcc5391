// Makes the README's pictures of the terminal UI: `node test/tui/screenshots.mjs` runs it over bundled captures in tmux and
// writes what is on the screen to src/tui/pictures/*.svg.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const WIDTH = 110
const HEIGHT = 24
const CELL = { width: 8.4, height: 18 }
/** ms for which a screen stays as it is before it is taken */
const STILL = 1500

/** name, capture, view, keys to press */
const SHOTS = [
  ['processes', 'web', 'procs', ['Down', 'Down']],
  ['views', 'build', 'files', ['F2', 'Down']],
  ['echo', 'web', 'connections', ['e', 'B']],
  ['filter', 'build', 'syscalls', ['\\', 'evt.lat']],
]

const DIR = mkdtempSync(`${tmpdir()}/ksys-shots-`)

const tmux = (...args) =>
  execFileSync('tmux', ['-u', '-S', `${DIR}/socket`, '-f', '/dev/null', ...args], {
    encoding: 'utf8',
    cwd: ROOT,
    env: { ...process.env, LANG: 'C.UTF-8', TERM: 'xterm-256color' },
  })

const PLAIN = { fg: '#d0d6de', bg: undefined, bold: false }

/** The look that SGR parameters make of another one. */
function changed(look, p) {
  const color = `rgb(${p.slice(2, 5).join(',')})`
  if (p.length === 0) return look
  switch (p[0]) {
    case 0:
      return changed(PLAIN, p.slice(1))
    case 1:
      return changed({ ...look, bold: true }, p.slice(1))
    case 22:
      return changed({ ...look, bold: false }, p.slice(1))
    case 38:
      return changed({ ...look, fg: color }, p.slice(5))
    case 39:
      return changed({ ...look, fg: PLAIN.fg }, p.slice(1))
    case 48:
      return changed({ ...look, bg: color }, p.slice(5))
    case 49:
      return changed({ ...look, bg: undefined }, p.slice(1))
    default:
      return changed(look, p.slice(1))
  }
}

/** A line with SGR sequences as runs of text in one look. */
function runs(line) {
  const out = []
  let look = PLAIN
  let at = 0
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    const sgr = /^\x1b\[([\d;]*)m$/.exec(part)
    if (sgr !== null) look = changed(look, sgr[1].split(';').map(Number))
    else if (part !== '') {
      out.push({ ...look, text: part, at })
      at += [...part].length
    }
  }
  return out
}

const xml = (s) => s.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)

function svg(screen, title) {
  const w = WIDTH * CELL.width + 16
  const h = HEIGHT * CELL.height + 16
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"><title>${title}</title>`,
    `<rect width="${w}" height="${h}" rx="6" fill="#14181d"/>`,
    '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">',
  ]
  for (const [y, line] of screen.split('\n').slice(0, HEIGHT).entries())
    for (const r of runs(line)) {
      const x = 8 + r.at * CELL.width
      const length = [...r.text].length * CELL.width
      const top = 8 + y * CELL.height
      if (r.bg) parts.push(`<rect x="${x}" y="${top}" width="${length}" height="${CELL.height}" fill="${r.bg}"/>`)
      // words stand at their own places: not every viewer keeps blanks
      for (const { 0: words, index } of r.text.matchAll(/\S+(?: \S+)*/g)) {
        const from = x + [...r.text.slice(0, index)].length * CELL.width
        const size = [...words].length * CELL.width
        const look = `fill="${r.fg}"${r.bold ? ' font-weight="bold"' : ''}`
        parts.push(`<text x="${from}" y="${top + 14}" textLength="${size}" ${look}>${xml(words)}</text>`)
      }
    }
  return `${parts.join('\n')}\n</g></svg>\n`
}

mkdirSync(`${ROOT}src/tui/pictures`, { recursive: true })
/** Until there are rows and nothing changes any more. */
async function settled() {
  let before = ''
  for (;;) {
    const screen = tmux('capture-pane', '-p')
    if (screen === before && /F1 Help/.test(screen) && !/reading|starting|being opened/i.test(screen)) return
    before = screen
    await sleep(STILL)
  }
}

for (const [name, capture, view, keys] of SHOTS) {
  const command = ['node', '.build/js/src/main.js', 'ui', '-r', `captures/${capture}.ksys`, '-v', view]
  const env = ['env', '-u', 'NO_COLOR', 'TERM=tmux-256color', 'COLORTERM=truecolor']
  tmux('new-session', '-d', '-x', String(WIDTH), '-y', String(HEIGHT), ...env, ...command)
  await settled()
  for (const k of keys) tmux('send-keys', k)
  await settled()
  writeFileSync(
    `${ROOT}src/tui/pictures/ui-${name}.svg`,
    svg(tmux('capture-pane', '-p', '-e', '-N'), `ksys ui: ${name}`),
  )
  tmux('kill-server')
}
rmSync(DIR, { recursive: true })
