// The number of colours of a terminal, according to its environment, as Node determines it.
import { WriteStream } from 'node:tty'

/** bits per colour; 0: none */
export type Depth = 0 | 4 | 8 | 24

type Environment = Readonly<Record<string, string | undefined>>

/** Terminals that Node assumes to have fewer colours, by TERM: the environment that Node gets instead. */
const KNOWN: readonly (readonly [term: RegExp, environment: Environment])[] = [
  [/-direct$|^(xterm-(kitty|ghostty)|alacritty|foot|wezterm)$/, { COLORTERM: 'truecolor' }],
  [/-256color$/, { TERM: 'xterm-256color' }],
]

/**
 * NO_COLOR applies if it is not empty, and overrides FORCE_COLOR: otherwise Node would print a warning over the screen.
 */
export function colorDepth(env: Environment): Depth {
  const { NO_COLOR, ...rest } = env
  const { TERM = '' } = rest
  if ((NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb') return 0
  const override = KNOWN.find(([term]) => term.test(TERM))?.[1]
  const depth = WriteStream.prototype.getColorDepth({ ...rest, ...override })
  return depth === 1 ? 0 : (depth as Depth)
}
