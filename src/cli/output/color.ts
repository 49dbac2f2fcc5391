// Whether output is coloured.
import { colorDepth } from '../../format/text/color-depth.js'

/** choice: that of --color; auto: colours on a terminal that supports them. */
export function wantsColor(choice: 'auto' | 'always' | 'never', isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  return choice === 'auto' ? isTerminal && colorDepth(env) > 0 : choice === 'always'
}
