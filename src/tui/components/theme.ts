// The look of each role, for every number of colours, on a dark or a light background.
import { HEAT } from '../../format/heat/ramp.js'
import type { Role } from '../layout/spans.js'
import { type Color, colorParameters, type Depth } from '../terminal/color.js'

interface Look {
  readonly fg?: Color
  readonly bg?: Color
  /** SGR attributes: 1 bold, 2 faint, 4 underlined, 7 reversed */
  readonly attributes?: readonly number[]
  /** attributes with fewer than 256 colours */
  readonly plain?: readonly number[]
}

const color = (rgb: readonly [number, number, number], indexed: number, ansi?: number): Color => ({
  rgb,
  indexed,
  ansi,
})

/** Colours by purpose: bright on a dark background, dark on a light one. */
interface Palette {
  readonly accent: Color
  readonly good: Color
  readonly warn: Color
  readonly bad: Color
  readonly dim: Color
  readonly ended: Color
  /** bars and titles */
  readonly bar: Color
  readonly barText: Color
  readonly barDim: Color
}

const DARK: Palette = {
  accent: color([97, 175, 239], 75, 6),
  good: color([142, 192, 124], 108, 2),
  warn: color([224, 175, 104], 179, 3),
  bad: color([224, 108, 117], 168, 1),
  dim: color([128, 134, 142], 245),
  ended: color([90, 96, 104], 241),
  bar: color([44, 52, 64], 237),
  barText: color([208, 214, 222], 252),
  barDim: color([152, 160, 170], 247),
}
const LIGHT: Palette = {
  accent: color([0, 95, 175], 25, 4),
  good: color([56, 110, 30], 28, 2),
  // yellow is unreadable on white
  warn: color([150, 90, 0], 94, 5),
  bad: color([175, 20, 30], 124, 1),
  dim: color([92, 98, 106], 241),
  ended: color([130, 136, 144], 245),
  bar: color([220, 226, 233], 254),
  barText: color([30, 36, 44], 235),
  barDim: color([88, 94, 102], 240),
}
const DEEP = color([38, 79, 120], 24)
const WHITE = color([255, 255, 255], 231)
const PALE = color([176, 196, 216], 153)

/** Characters of heat maps have the colour of their background: they become visible only where that cannot be shown. */
const HEATS: Readonly<Record<`heat${number}`, Look>> = Object.fromEntries(
  HEAT.map(({ rgb, indexed }, at) => [`heat${at + 1}`, { fg: color(rgb, indexed), bg: color(rgb, indexed) }]),
)

/** With 16 colours no grey is readable in every palette: dim text is faint, and bars are reversed. */
const looks = (p: Palette): Readonly<Record<Role, Look>> => ({
  text: {},
  dim: { fg: p.dim, plain: [2] },
  strong: { attributes: [1] },
  accent: { fg: p.accent },
  good: { fg: p.good },
  warn: { fg: p.warn },
  bad: { fg: p.bad, plain: [1] },
  bar: { fg: p.barText, bg: p.bar, plain: [7] },
  barDim: { fg: p.barDim, bg: p.bar, plain: [7] },
  barAccent: { fg: p.accent, bg: p.bar, attributes: [1], plain: [7, 1] },
  titles: { fg: p.barText, bg: p.bar, plain: [7] },
  sorted: { fg: p.accent, bg: p.bar, attributes: [1], plain: [7, 1] },
  selected: { fg: WHITE, bg: DEEP, plain: [7] },
  selectedDim: { fg: PALE, bg: DEEP, plain: [7] },
  found: { fg: p.warn, attributes: [4] },
  key: { fg: p.dim, attributes: [], plain: [1] },
  keyLabel: { fg: p.barText, bg: p.bar, plain: [7] },
  ended: { fg: p.ended, plain: [2] },
  graph: { fg: p.accent },
  in: { fg: p.good },
  out: { fg: p.accent, plain: [1] },
  ...HEATS,
})

/** Adds the escape sequences of a role to text; the same function for the same role. */
type Paint = (text: string) => string

const RESET = '\x1b[0m'

export class Theme {
  private readonly paints = new Map<Role, Paint>()

  /** `light`: the terminal has a light background. */
  constructor(depth: Depth, light = false) {
    for (const [role, look] of Object.entries(looks(light ? LIGHT : DARK)) as [Role, Look][]) {
      const begin = sequence(look, depth)
      if (begin !== '') this.paints.set(role, (text) => begin + text + RESET)
    }
  }

  /** undefined if the text is not changed. */
  paint(role: Role): Paint | undefined {
    return this.paints.get(role)
  }
}

function attributesOf(look: Look, depth: Depth): readonly number[] {
  return depth >= 8 ? (look.attributes ?? []) : (look.plain ?? look.attributes ?? [])
}

function sequence(look: Look, depth: Depth): string {
  const attributes = attributesOf(look, depth)
  const parameters = attributes.map(String)
  // with few colours a reversed bar is more reliable than a pair of colours
  const reversed = attributes.includes(7)
  if (look.fg !== undefined && !reversed) parameters.push(colorParameters(look.fg, depth, false))
  if (look.bg !== undefined && !reversed) parameters.push(colorParameters(look.bg, depth, true))
  const text = parameters.filter((p) => p !== '').join(';')
  return text === '' ? '' : `\x1b[${text}m`
}
