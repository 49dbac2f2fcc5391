// `ksys cut FILE -w OUT`: writes a part of a capture file.
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { CUT } from '../options/cut.js'
import { settingsOf } from '../options/settings-of.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { capture } from '../run/capture.js'

/** Writes the part; returns the exit code. */
export async function cut(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand(CUT, argv)
  if (o.help) return printHelp(CUT, out)
  const [file, ...filter] = words
  if (file === undefined) throw new CliError(EXIT.usage, 'missing file to cut: ksys cut FILE -w OUT')
  if (o.write === undefined) throw new CliError(EXIT.usage, 'missing -w: ksys cut FILE -w OUT (- is standard output)')
  if ((o.since ?? o.until ?? o.numevents ?? o.seconds) === undefined && filter.length === 0)
    throw new CliError(EXIT.usage, 'missing part to write: use --since and --until, -n, -M, or a filter after the file')
  return capture(settingsOf({ ...o, read: [file] }, filter), out)
}
