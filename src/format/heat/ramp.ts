// The colours of heat maps, and the characters that stand for them: how often something happens in a second.

/** red and green of colours from cold to hot, of 0 to 5 each: along the edges of a terminal's cube of colours */
const EDGES: readonly (readonly [red: number, green: number])[] = [
  ...[1, 2, 3, 4, 5].map((green) => [0, green] as const),
  ...[1, 2, 3, 4, 5].map((red) => [red, 5] as const),
  ...[4, 3, 2, 1, 0].map((green) => [5, green] as const),
  ...[4, 3, 2, 1].map((red) => [red, 0] as const),
]
/** intensities that the numbers 0 to 5 of the cube stand for */
const CUBE = [0, 95, 135, 175, 215, 255] as const
/** Characters from cold to hot, each for two colours. */
const CHARACTERS = '.,:;-+*oO@'
/** times a second from which it is as hot as can be; each level is as many times the one before */
const HOTTEST = 10_000

/** How many levels there are, the coldest is 1. */
export const HEAT_LEVELS = EDGES.length

export interface Heat {
  /** one of a terminal's 256 colours, and the same as red, green and blue */
  readonly indexed: number
  readonly rgb: readonly [number, number, number]
  readonly character: string
}

/** How the levels look: place 0 is level 1. */
export const HEAT: readonly Heat[] = EDGES.map(([red, green], at) => ({
  indexed: 16 + 36 * red + 6 * green,
  rgb: [CUBE[red] as number, CUBE[green] as number, 0],
  character: CHARACTERS[Math.floor((at * CHARACTERS.length) / HEAT_LEVELS)] as string,
}))

/** The level of something that happens so often in a second: 1 for the seldomest, HEAT_LEVELS from HOTTEST on; 0: never. */
export function heatLevel(perSecond: number): number {
  return Math.min(HEAT_LEVELS, Math.ceil((HEAT_LEVELS * Math.log1p(perSecond)) / Math.log1p(HOTTEST)))
}
