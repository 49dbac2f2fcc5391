// Whether output is coloured.

/** Decides by --color, then NO_COLOR and TERM, then whether `fd` is a terminal. */
export function wantsColor(choice: 'auto' | 'always' | 'never', isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (choice !== 'auto') return choice === 'always'
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  return isTerminal && env.TERM !== 'dumb' && env.TERM !== undefined && env.TERM !== ''
}
