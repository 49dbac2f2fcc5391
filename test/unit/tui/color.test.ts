// The colours of the terminal, as they are detected, and that every part of the screen is readable with them.
import { describe, expect, test } from 'vitest'
import { Theme } from '../../../src/tui/components/theme.js'
import type { Role } from '../../../src/tui/layout/spans.js'
import { colorDepth, isLight, isScreen } from '../../../src/tui/terminal/color.js'

const ROLES: readonly Role[] = [
  'text',
  'dim',
  'strong',
  'accent',
  'good',
  'warn',
  'bad',
  'key',
  'ended',
  'graph',
  'in',
  'out',
  'found',
]
const BARS: readonly Role[] = ['bar', 'barDim', 'barAccent', 'titles', 'sorted', 'selected', 'selectedDim', 'keyLabel']

/** SGR parameters of a role. */
const look = (theme: Theme, role: Role) =>
  (/^\x1b\[([\d;]*)m/.exec(theme.paint(role)?.('x') ?? 'x')?.[1] ?? '').split(';').filter((p) => p !== '')

test('the background is light when COLORFGBG says so', () => {
  for (const light of ['0;15', '0;7', '15;default;7', '0;default;15'])
    expect(isLight({ COLORFGBG: light }), light).toBe(true)
  for (const dark of ['15;0', '7;8', '12;8', '15;default', '', 'x', undefined])
    expect(isLight({ COLORFGBG: dark })).toBe(false)
})

test('NO_COLOR is respected unless a theme is selected', () => {
  const env = { TERM: 'xterm-256color', NO_COLOR: '1' }
  expect(colorDepth(env)).toBe(0)
  expect(colorDepth(env, 'light')).toBe(8)
  expect(colorDepth({ TERM: 'xterm-256color', NO_COLOR: '' })).toBe(8)
  expect(colorDepth({ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'none')).toBe(0)
})

test.each([
  [{ TERM: 'xterm' }, 4],
  [{ TERM: 'linux' }, 4],
  [{ TERM: 'xterm-256color' }, 8],
  [{ TERM: 'screen-256color' }, 8],
  [{ TERM: 'tmux-256color', COLORTERM: 'truecolor' }, 24],
  [{ TERM: 'foot' }, 24],
  [{ TERM: 'xterm-direct' }, 24],
  [{ TERM: 'xterm', FORCE_COLOR: '3' }, 24],
  [{ TERM: 'xterm-256color', FORCE_COLOR: '0' }, 0],
  [{ TERM: 'xterm-256color', FORCE_COLOR: '3', NO_COLOR: '1' }, 0],
  [{ TERM: 'dumb', FORCE_COLOR: '1' }, 0],
  [{}, 0],
] as const)('%j has colours of %d bits', (env, depth) => {
  expect(colorDepth(env)).toBe(depth)
})

test('a terminal without a screen is recognised', () => {
  for (const TERM of [undefined, '', 'dumb', 'unknown']) expect(isScreen({ TERM })).toBe(false)
  for (const TERM of ['xterm', 'linux', 'vt100', 'screen']) expect(isScreen({ TERM })).toBe(true)
})

describe.each([
  ['dark', false],
  ['light', true],
] as const)('16 colours on a %s background', (_name, light) => {
  const theme = new Theme(4, light)

  test('never use a grey that may be the background, nor a faint colour', () => {
    for (const role of [...ROLES, ...BARS]) {
      const parameters = look(theme, role)
      for (const grey of ['30', '37', '90', '97', '40', '47', '100', '107'])
        expect(parameters, role).not.toContain(grey)
      if (parameters.includes('2')) expect(parameters).toEqual(['2'])
    }
  })

  test('have reversed bars, so that they are visible on any background', () => {
    for (const role of BARS) expect(look(theme, role)).toContain('7')
  })
})

/** The contrast of two colours, from 1 to 21 (WCAG). */
function contrast(a: readonly number[], b: readonly number[]): number {
  const light = ([r = 0, g = 0, b = 0]: readonly number[]) => {
    const part = (v: number) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
  }
  const [more = 0, less = 0] = [light(a), light(b)].sort((x, y) => y - x)
  return (more + 0.05) / (less + 0.05)
}

test.each([
  ['dark', false, [0, 0, 0]],
  ['light', true, [255, 255, 255]],
] as const)('text in 24-bit colours is readable on a %s background', (_name, light, background) => {
  const theme = new Theme(24, light)
  const rgb = (p: readonly string[], what: '38' | '48') => {
    const at = p.indexOf(what)
    return at < 0 ? undefined : p.slice(at + 2, at + 5).map(Number)
  }
  for (const role of [...ROLES, ...BARS]) {
    const p = look(theme, role)
    const text = rgb(p, '38')
    if (text === undefined) continue
    // ended rows are intentionally less visible
    expect(contrast(text, rgb(p, '48') ?? background), role).toBeGreaterThan(role === 'ended' ? 3 : 4.5)
  }
})

test('without colours there are only attributes', () => {
  for (const role of [...ROLES, ...BARS])
    for (const p of look(new Theme(0), role)) expect(Number(p), role).toBeLessThan(30)
})
