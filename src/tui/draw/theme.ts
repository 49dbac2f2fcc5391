// What each part of the screen looks like, for every number of colours.
import { type Color, colorParameters, type Depth } from '../terminal/color.js'

/** What a piece of text is; the theme says how that looks. */
export type Role =
  | 'text'
  | 'dim'
  | 'strong'
  | 'accent'
  | 'good'
  | 'warn'
  | 'bad'
  | 'bar'
  | 'barDim'
  | 'barAccent'
  | 'titles'
  | 'sorted'
  | 'selected'
  | 'selectedDim'
  | 'found'
  | 'key'
  | 'keyLabel'
  | 'gone'
  | 'graph'
  | 'in'
  | 'out'

interface Look {
  readonly fg?: Color
  readonly bg?: Color
  /** SGR attributes: 1 bold, 2 faint, 4 underlined, 7 reversed */
  readonly attributes?: readonly number[]
  /** attributes where there are fewer than 256 colours */
  readonly plain?: readonly number[]
}

const color = (rgb: readonly [number, number, number], indexed: number, ansi: number): Color => ({ rgb, indexed, ansi })

const BLUE = color([97, 175, 239], 75, 6)
const GREEN = color([142, 192, 124], 108, 2)
const AMBER = color([224, 175, 104], 179, 3)
const RED = color([224, 108, 117], 168, 1)
const GREY = color([128, 134, 142], 245, 8)
const DARK = color([90, 96, 104], 241, 8)
const SLATE = color([44, 52, 64], 237, 0)
const SLATE_TEXT = color([208, 214, 222], 252, 7)
const SLATE_DIM = color([140, 148, 158], 246, 7)
const DEEP = color([38, 79, 120], 24, 4)
const WHITE = color([255, 255, 255], 231, 15)
const PALE = color([176, 196, 216], 153, 15)

const LOOKS: Readonly<Record<Role, Look>> = {
  text: {},
  dim: { fg: GREY, plain: [2] },
  strong: { attributes: [1] },
  accent: { fg: BLUE },
  good: { fg: GREEN },
  warn: { fg: AMBER },
  bad: { fg: RED, plain: [1] },
  bar: { fg: SLATE_TEXT, bg: SLATE, plain: [7] },
  barDim: { fg: SLATE_DIM, bg: SLATE, plain: [7] },
  barAccent: { fg: BLUE, bg: SLATE, attributes: [1], plain: [7, 1] },
  titles: { fg: SLATE_TEXT, bg: SLATE, plain: [7] },
  sorted: { fg: BLUE, bg: SLATE, attributes: [1], plain: [7, 1] },
  selected: { fg: WHITE, bg: DEEP, plain: [7] },
  selectedDim: { fg: PALE, bg: DEEP, plain: [7] },
  found: { fg: AMBER, attributes: [4] },
  key: { fg: GREY, attributes: [], plain: [1] },
  keyLabel: { fg: SLATE_TEXT, bg: SLATE, plain: [7] },
  gone: { fg: DARK, plain: [2] },
  graph: { fg: BLUE },
  in: { fg: GREEN },
  out: { fg: BLUE, plain: [1] },
}

/** A piece of a line: clean text and what it is. */
export type Span = readonly [text: string, role: Role]

export class Theme {
  private readonly begin = new Map<Role, string>()
  /** roles in which a blank looks like any other blank */
  private readonly plain = new Set<Role>()

  constructor(readonly depth: Depth) {
    for (const [role, look] of Object.entries(LOOKS) as [Role, Look][]) {
      this.begin.set(role, sequence(look, depth))
      const attributes = attributesOf(look, depth)
      if (look.bg === undefined && !attributes.includes(4) && !attributes.includes(7)) this.plain.add(role)
    }
  }

  /** A line of spans as the terminal takes it, with few changes of look: they are most of what a frame costs in Ink. */
  line(spans: readonly Span[]): string {
    let out = ''
    let open = ''
    let plain = true
    for (const [text, role] of spans) {
      if (text === '') continue
      const begin = this.begin.get(role) as string
      if (begin !== open && !(plain && this.plain.has(role) && BLANK.test(text))) {
        out += (open === '' ? '' : RESET) + begin
        open = begin
        plain = this.plain.has(role)
      }
      out += text
    }
    return open === '' ? out : out + RESET
  }
}

const BLANK = /^ *$/
const RESET = '\x1b[0m'

function attributesOf(look: Look, depth: Depth): readonly number[] {
  return depth >= 8 ? (look.attributes ?? []) : (look.plain ?? look.attributes ?? [])
}

function sequence(look: Look, depth: Depth): string {
  const attributes = attributesOf(look, depth)
  const parameters = attributes.map(String)
  // with few colours a reversed bar is surer than a pair of colours
  const reversed = attributes.includes(7)
  if (look.fg !== undefined && !reversed) parameters.push(colorParameters(look.fg, depth, false))
  if (look.bg !== undefined && !reversed) parameters.push(colorParameters(look.bg, depth, true))
  const text = parameters.filter((p) => p !== '').join(';')
  return text === '' ? '' : `\x1b[${text}m`
}
