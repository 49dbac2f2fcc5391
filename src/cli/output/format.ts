// The output format that the options select, and the lines of a run in this format.
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { type OutputFormat, outputNamed } from '../../format/outputs.js'
import type { Template } from '../../format/template/template.js'
import type { Settings } from '../options/parse.js'

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
