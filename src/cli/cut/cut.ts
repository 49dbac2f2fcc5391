// `ksys cut FILE -w OUT`: a part of a capture file as a file of its own.
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { parseArgs } from '../options/parse.js'
import { parseSubcommand } from '../options/subcommand.js'
import { CUT } from '../options/subcommands.js'
import type { Output } from '../output/stdout.js'
import { capture } from '../run/capture.js'

interface CutWords {
  write?: string
  from?: string
  to?: string
  numevents?: number
  seconds?: number
  progress?: true
}

/** Writes the part; returns the exit code. */
export async function cut(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<CutWords>(CUT, argv)
  if (o.help) return printHelp(CUT, out)
  const [file, ...filter] = words
  if (file === undefined) throw new CliError(EXIT.usage, 'name the file to cut: ksys cut FILE -w OUT')
  if (o.write === undefined)
    throw new CliError(EXIT.usage, 'name the file to write: ksys cut FILE -w OUT (- is standard output)')
  const part = [...given('--from', o.from), ...given('--to', o.to), ...given('-n', o.numevents)]
  part.push(...given('-M', o.seconds))
  if (part.length === 0 && filter.length === 0)
    throw new CliError(EXIT.usage, 'say which part: --from and --to, -n, -M, or a filter behind the file')
  const rest = o.progress ? ['--progress'] : []
  return capture(parseArgs([`--read=${file}`, `--write=${o.write}`, ...part, ...rest, ...filter]), out)
}

/** The words of an option that was given. */
function given(option: string, value: string | number | undefined): string[] {
  if (value === undefined) return []
  return option.startsWith('--') ? [`${option}=${value}`] : [option, String(value)]
}
