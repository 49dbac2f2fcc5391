// The options that choose one of several: the output format, and the style of buffers.
import { OUTPUTS, type OutputFormat, type OutputOption } from '../../format/outputs.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { BufferStyle } from './settings.js'
import { OPTIONS } from './table.js'
import { propertyOf } from './words.js'

/** Name of the output format that options select. Throws CliError (usage) for several. */
export function chosenOutput(given: { readonly [Option in OutputOption]?: true }): string {
  const long = oneOf(
    OUTPUTS.flatMap((o) => o.option?.long ?? []),
    given,
  )
  return (OUTPUTS.find((o) => o.option?.long === long) as OutputFormat).name
}

const BUFFER_STYLES = {
  'print-ascii': 'ascii',
  'print-hex': 'hex',
  'print-hex-ascii': 'hexAscii',
  'print-base64': 'base64',
} as const satisfies Readonly<Record<string, BufferStyle>>

/** The style of buffers that options select. Throws CliError (usage) for several. */
export function chosenBufferStyle(given: Readonly<Record<string, true | undefined>>): BufferStyle {
  const long = oneOf(Object.keys(BUFFER_STYLES), given) as keyof typeof BUFFER_STYLES | undefined
  return long === undefined ? 'dots' : BUFFER_STYLES[long]
}

/** The one of these options that was given; undefined: none. Throws CliError (usage) for several. */
function oneOf(longs: readonly string[], given: Readonly<Record<string, true | undefined>>): string | undefined {
  const defs = OPTIONS.filter((o) => longs.includes(o.long))
  const chosen = defs.filter((o) => given[propertyOf(o)] === true)
  if (chosen.length > 1) {
    const all = defs.map((o) => (o.short === undefined ? `--${o.long}` : `-${o.short}`))
    throw new CliError(EXIT.usage, `only one of ${all.slice(0, -1).join(', ')} and ${all.at(-1)} can be used at a time`)
  }
  return chosen[0]?.long
}
