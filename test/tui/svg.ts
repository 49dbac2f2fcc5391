// A screen of the terminal UI as a picture: text with SGR sequences as SVG.

/** pixels of a cell */
const CELL = { width: 8.4, height: 18 }

interface Look {
  readonly fg: string
  readonly bg: string | undefined
  readonly bold: boolean
}

const PLAIN: Look = { fg: '#d0d6de', bg: undefined, bold: false }

/** The first 16 colours as xterm has them, then a cube of 6 x 6 x 6, then 24 greys. */
const FIRST = ['#000000', '#cd0000', '#00cd00', '#cdcd00', '#0000ee', '#cd00cd', '#00cdcd', '#e5e5e5']
const BRIGHT = ['#7f7f7f', '#ff0000', '#00ff00', '#ffff00', '#5c5cff', '#ff00ff', '#00ffff', '#ffffff']

/** A colour of the 256 by its number. */
function indexed(n: number): string {
  if (n < 16) return [...FIRST, ...BRIGHT][n] as string
  if (n >= 232) return `rgb(${Array(3).fill(8 + 10 * (n - 232))})`
  const step = (part: number) => (part === 0 ? 0 : 55 + 40 * part)
  return `rgb(${[36, 6, 1].map((weight) => step(Math.floor((n - 16) / weight) % 6))})`
}

/** The colour that parameters behind 38 or 48 choose, and how many these are: `2;R;G;B` or `5;NUMBER`. */
function chosen([kind, ...values]: readonly number[]) {
  return kind === 5 ? { color: indexed(values[0] ?? 0), length: 2 } : { color: `rgb(${values.slice(0, 3)})`, length: 4 }
}

/** A look after SGR parameters. */
function changed(look: Look, p: readonly number[]): Look {
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
function runs(line: string) {
  const out: (Look & { readonly text: string; readonly at: number })[] = []
  let look = PLAIN
  let at = 0
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    const sgr = /^\x1b\[([\d;]*)m$/.exec(part)
    if (sgr !== null) look = changed(look, (sgr[1] as string).split(';').map(Number))
    else if (part !== '') {
      out.push({ ...look, text: part, at })
      at += [...part].length
    }
  }
  return out
}

const xml = (s: string) => s.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)

/** The picture; `screen` has a line for each of `height` rows, `width` cells wide. */
export function svg(screen: string, title: string, width: number, height: number): string {
  const w = width * CELL.width + 16
  const h = height * CELL.height + 16
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"><title>${title}</title>`,
    `<rect width="${w}" height="${h}" rx="6" fill="#14181d"/>`,
    '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">',
  ]
  for (const [y, line] of screen.split('\n').slice(0, height).entries())
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
