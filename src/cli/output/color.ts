// Whether output is coloured.
import { colorDepth } from '../../format/text/color-depth.js'

/** Decides by --color, then whether it goes to a terminal, and one with colours. */
export function wantsColor(choice: 'auto' | 'always' | 'never', isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  return choice === 'auto' ? isTerminal && colorDepth(env) > 0 : choice === 'always'
}
