// How many colours a terminal has, by what the environment says of it: as Node decides it.
import { WriteStream } from 'node:tty'

/** bits of a colour; 0: none */
export type Depth = 0 | 4 | 8 | 24

type Environment = Readonly<Record<string, string | undefined>>

/** Terminals that Node takes for ones with fewer colours, by TERM: what it is told of them. */
const KNOWN: readonly (readonly [term: RegExp, told: Environment])[] = [
  [/-direct$|^(xterm-(kitty|ghostty)|alacritty|foot|wezterm)$/, { COLORTERM: 'truecolor' }],
  [/-256color$/, { TERM: 'xterm-256color' }],
]

/** NO_COLOR counts where it is not empty, and more than FORCE_COLOR: Node would write a warning over the screen. */
export function colorDepth(env: Environment): Depth {
  const { NO_COLOR, ...rest } = env
  const { TERM = '' } = rest
  if ((NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb') return 0
  const told = KNOWN.find(([term]) => term.test(TERM))?.[1]
  const depth = WriteStream.prototype.getColorDepth({ ...rest, ...told })
  return depth === 1 ? 0 : (depth as Depth)
}
