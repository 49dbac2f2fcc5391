// The number of colours of the terminal, its background, and the sequences that select a colour.
import { type Depth, colorDepth as depthOf } from '../../format/text/color-depth.js'

export type { Depth }

/** Colours by what they can be shown as: 24-bit, one of 256, one of 16. */
export interface Color {
  readonly rgb: readonly [number, number, number]
  readonly indexed: number
  /** 0..15; undefined if none is readable in every palette: 8 is the background itself in some */
  readonly ansi: number | undefined
}

/** Themes: colours for a dark or light background, none, or as the terminal reports. */
export const THEMES = ['auto', 'dark', 'light', 'none'] as const
export type ThemeChoice = (typeof THEMES)[number]

type Environment = Readonly<Record<string, string | undefined>>

/** Whether the terminal can show a full screen at all. */
export function isScreen(env: Environment): boolean {
  return !['', 'dumb', 'unknown'].includes(env.TERM ?? '')
}

/**
 * Whether its background is light, if it reports that: COLORFGBG is `foreground;background`, as numbers of the 16
 * colours.
 */
export function isLight(env: Environment): boolean {
  const background = /;(\d+)$/.exec(env.COLORFGBG ?? '')?.[1]
  return background !== undefined && [7, 9, 10, 11, 12, 13, 14, 15].includes(Number(background))
}

/** The terminal's colours. An explicit theme overrides NO_COLOR. */
export function colorDepth(env: Environment, choice: ThemeChoice = 'auto'): Depth {
  if (choice === 'none') return 0
  return depthOf(choice === 'auto' ? env : { ...env, NO_COLOR: undefined })
}

/** SGR parameters of a foreground or background; '' without colours. */
export function colorParameters(c: Color, depth: Depth, background: boolean): string {
  if (depth === 24) return `${background ? 48 : 38};2;${c.rgb.join(';')}`
  if (depth === 8) return `${background ? 48 : 38};5;${c.indexed}`
  if (depth === 4 && c.ansi !== undefined) {
    const base = background ? 40 : 30
    return String(c.ansi < 8 ? base + c.ansi : base + 60 + c.ansi - 8)
  }
  return ''
}
