// How many colours the terminal has, and the sequences that choose one.

/** bits of a colour; 0: none */
export type Depth = 0 | 4 | 8 | 24

/** Colours by what they can be shown as: 24-bit, one of 256, one of 16. */
export interface Color {
  readonly rgb: readonly [number, number, number]
  readonly indexed: number
  /** 0..15 */
  readonly ansi: number
}

/** The terminal's colours, by what the environment says of it. */
export function colorDepth(env: Readonly<Record<string, string | undefined>>): Depth {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return 0
  const term = env.TERM ?? ''
  if (term === '' || term === 'dumb' || /^vt\d|mono/.test(term)) return 0
  if (
    env.COLORTERM === 'truecolor' ||
    env.COLORTERM === '24bit' ||
    /direct|truecolor|^xterm-(kitty|ghostty)$/.test(term)
  )
    return 24
  if (/256/.test(term) || env.COLORTERM !== undefined) return 8
  return 4
}

/** SGR parameters of a foreground or background; '' without colours. */
export function colorParameters(c: Color, depth: Depth, background: boolean): string {
  if (depth === 24) return `${background ? 48 : 38};2;${c.rgb.join(';')}`
  if (depth === 8) return `${background ? 48 : 38};5;${c.indexed}`
  if (depth === 4) {
    const base = background ? 40 : 30
    return String(c.ansi < 8 ? base + c.ansi : base + 60 + c.ansi - 8)
  }
  return ''
}
