// `ksys cut FILE -w OUT`: a part of a capture file as a file of its own.
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { settingsOf } from '../options/parse.js'
import { parseSubcommand } from '../options/subcommand.js'
import { CUT } from '../options/subcommands.js'
import type { Output } from '../output/stdout.js'
import { capture } from '../run/capture.js'

interface CutWords {
  write?: string
  scapSchema?: string
  from?: string
  to?: string
  numevents?: number
  seconds?: number
  rules?: string[]
}

/** Writes the part; returns the exit code. */
export async function cut(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<CutWords>(CUT, argv)
  if (o.help) return printHelp(CUT, out)
  const [file, ...filter] = words
  if (file === undefined) throw new CliError(EXIT.usage, 'name the file to cut: ksys cut FILE -w OUT')
  if (o.write === undefined)
    throw new CliError(EXIT.usage, 'name the file to write: ksys cut FILE -w OUT (- is standard output)')
  if ((o.from ?? o.to ?? o.numevents ?? o.seconds) === undefined && filter.length === 0)
    throw new CliError(EXIT.usage, 'say which part: --from and --to, -n, -M, or a filter behind the file')
  return capture(settingsOf({ ...o, read: [file] }, filter), out)
}
