// The formats of output that there are: another is a file beside this one and an entry here.
import { json } from './json.js'
import type { OutputFormat } from './output.js'
import { text } from './text.js'

export type { CompileLine, OutputFormat } from './output.js'

/** The first is what is printed where no option chooses another. */
export const OUTPUTS: readonly [OutputFormat, ...OutputFormat[]] = [text, json]

/** The format of that name. Throws where there is none. */
export function outputNamed(name: string): OutputFormat {
  const found = OUTPUTS.find((o) => o.name === name)
  if (found === undefined) throw new Error(`there is no format of output '${name}'`)
  return found
}
