// Output of chisels as escaped text with colours.
import { escapeText } from '../render/escape.js'
import type { Color, Painted } from './context.js'

const SGR: Readonly<Record<Color, string>> = {
  red: '31',
  green: '32',
  yellow: '33',
  blue: '34',
  magenta: '35',
  cyan: '36',
  gray: '90',
  bold: '1',
}

/** Parts as one line of escaped text without line end; tabs are retained. */
export function lineText(parts: readonly (string | Painted)[], color: boolean): string {
  return joinParts(parts, color, (s) => escapeExcept(s, /(\t)/))
}

/** Parts as escaped text; line ends and tabs are retained. */
export function blockText(parts: readonly (string | Painted)[], color: boolean): string {
  return joinParts(parts, color, (s) => escapeExcept(s, /([\n\t])/))
}

function escapeExcept(text: string, unescaped: RegExp): string {
  return text
    .split(unescaped)
    .map((part, i) => (i % 2 === 1 ? part : escapeText(part)))
    .join('')
}

function sgr(color: Painted['color']): string {
  return typeof color === 'string' ? SGR[color] : `48;5;${color.background}`
}

function joinParts(parts: readonly (string | Painted)[], color: boolean, safe: (s: string) => string): string {
  let out = ''
  for (const p of parts) {
    if (typeof p === 'string') out += safe(p)
    else out += color ? `\x1b[${sgr(p.color)}m${safe(p.text)}\x1b[0m` : safe(p.text)
  }
  return out
}
