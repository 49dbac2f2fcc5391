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
  ['echo', 'web', 'connections', ['e', 'B']],
]

const DIR = mkdtempSync(`${tmpdir()}/ksys-shots-`)

const tmux = (...args) =>
  execFileSync('tmux', ['-u', '-S', `${DIR}/socket`, '-f', '/dev/null', ...args], {
    encoding: 'utf8',
    cwd: ROOT,
    env: { ...process.env, LANG: 'C.UTF-8', TERM: 'xterm-256color' },
  })

const PLAIN = { fg: '#d0d6de', bg: undefined, bold: false }

/** The first 16 colours as xterm has them, then a cube of 6 x 6 x 6, then 24 greys. */
const FIRST = ['#000000', '#cd0000', '#00cd00', '#cdcd00', '#0000ee', '#cd00cd', '#00cdcd', '#e5e5e5']
const BRIGHT = ['#7f7f7f', '#ff0000', '#00ff00', '#ffff00', '#5c5cff', '#ff00ff', '#00ffff', '#ffffff']

/** A colour of the 256 by its number. */
function indexed(n) {
  if (n < 16) return [...FIRST, ...BRIGHT][n]
  if (n >= 232) return `rgb(${Array(3).fill(8 + 10 * (n - 232))})`
  const step = (part) => (part === 0 ? 0 : 55 + 40 * part)
  return `rgb(${[36, 6, 1].map((weight) => step(Math.floor((n - 16) / weight) % 6))})`
}

/** The colour that parameters behind 38 or 48 choose, and how many these are: `2;R;G;B` or `5;NUMBER`. */
function chosen([kind, ...values]) {
  return kind === 5 ? { color: indexed(values[0]), length: 2 } : { color: `rgb(${values.slice(0, 3)})`, length: 4 }
}

/** The look that SGR parameters make of another one. */
function changed(look, p) {
  const [first, ...rest] = p
  if (first === undefined) return look
  if (first === 38 || first === 48) {
    const { color, length } = chosen(rest)
    return changed({ ...look, [first === 38 ? 'fg' : 'bg']: color }, rest.slice(length))
  }
  if (first >= 30 && first <= 37) return changed({ ...look, fg: indexed(first - 30) }, rest)
  if (first >= 40 && first <= 47) return changed({ ...look, bg: indexed(first - 40) }, rest)
  switch (first) {
    case 0:
      return changed(PLAIN, rest)
    case 1:
      return changed({ ...look, bold: true }, rest)
    case 22:
      return changed({ ...look, bold: false }, rest)
    case 39:
      return changed({ ...look, fg: PLAIN.fg }, rest)
    case 49:
      return changed({ ...look, bg: undefined }, rest)
    default:
      return changed(look, rest)
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
    if (screen === before && /\bQuit\b/.test(screen) && !/reading|starting|being opened/i.test(screen)) return
    before = screen
    await sleep(STILL)
  }
}

for (const [name, capture, view, keys] of SHOTS) {
  const command = ['node', '.build/js/src/main.js', 'ui', '--no-config', '-r', `captures/${capture}.ksys`, '-v', view]
  // without TMUX, of which Node believes that it has 256 colours whatever COLORTERM says; times are those of the recording
  const without = ['NO_COLOR', 'FORCE_COLOR', 'CI', 'TMUX'].flatMap((name) => ['-u', name])
  const env = ['env', ...without, 'TERM=tmux-256color', 'COLORTERM=truecolor', 'TZ=UTC']
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
