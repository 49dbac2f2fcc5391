// The output format that the options select, the lines of a run in this format, and whether they are coloured.
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { type OutputFormat, outputNamed } from '../../format/outputs.js'
import type { Template } from '../../format/template/line.js'
import { colorDepth } from '../../format/text/color-depth.js'
import type { Settings } from '../options/settings.js'

export function outputOf(s: Pick<Settings, 'output'>): OutputFormat {
  return outputNamed(s.output)
}

/** The lines of a run's events. */
export async function lineTemplate(
  s: Settings,
  { format }: { readonly format: string },
  ctx: FieldContext,
): Promise<Template> {
  const compile = await outputOf(s).lines()
  return compile(format, registry, ctx)
}

/** choice: that of --color; auto: colours on a terminal that supports them. */
export function wantsColor(choice: 'auto' | 'always' | 'never', isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  return choice === 'auto' ? isTerminal && colorDepth(env) > 0 : choice === 'always'
}
