// The colours of heat maps, and the characters used without colours, by rate per second.

/** red and green of colours from cold to hot, 0 to 5 each: along the edges of the terminal's colour cube */
const EDGES: readonly (readonly [red: number, green: number])[] = [
  ...[1, 2, 3, 4, 5].map((green) => [0, green] as const),
  ...[1, 2, 3, 4, 5].map((red) => [red, 5] as const),
  ...[4, 3, 2, 1, 0].map((green) => [5, green] as const),
  ...[4, 3, 2, 1].map((red) => [red, 0] as const),
]
/** intensities of the numbers 0 to 5 of the cube */
const CUBE = [0, 95, 135, 175, 215, 255] as const
/** Characters from cold to hot, each for two colours. */
const CHARACTERS = '.,:;-+*oO@'
/** rate per second of the hottest level; each level is a fixed multiple of the previous one */
const HOTTEST = 10_000

/** Number of levels; 1 is the coldest. */
export const HEAT_LEVELS = EDGES.length

export interface Heat {
  /** one of a terminal's 256 colours, and the same as red, green and blue */
  readonly indexed: number
  readonly rgb: readonly [number, number, number]
  readonly character: string
}

/** The levels' colours and characters: index 0 is level 1. */
export const HEAT: readonly Heat[] = EDGES.map(([red, green], at) => ({
  indexed: 16 + 36 * red + 6 * green,
  rgb: [CUBE[red] as number, CUBE[green] as number, 0],
  character: CHARACTERS[Math.floor((at * CHARACTERS.length) / HEAT_LEVELS)] as string,
}))

/** The level of a rate per second: 1 for the lowest rates, HEAT_LEVELS from HOTTEST on; 0 for never. */
export function heatLevel(perSecond: number): number {
  return Math.min(HEAT_LEVELS, Math.ceil((HEAT_LEVELS * Math.log1p(perSecond)) / Math.log1p(HOTTEST)))
}
