// `ksys redact FILE -w OUT`: rewrites a capture file without redacted data.
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { REDACT } from '../options/redact.js'
import { settingsOf } from '../options/settings-of.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { capture } from '../run/capture.js'

/** Writes the file; returns the exit code. */
export async function redact(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand(REDACT, argv)
  if (o.help) return printHelp(REDACT, out)
  const [file, more] = words
  if (file === undefined) throw new CliError(EXIT.usage, 'missing file to redact: ksys redact FILE -w OUT')
  if (more !== undefined)
    throw new CliError(EXIT.usage, `unexpected argument '${more}': redact takes one file; see ksys redact --help`)
  if (o.write === undefined)
    throw new CliError(EXIT.usage, 'missing -w: ksys redact FILE -w OUT (- is standard output)')
  const settings = settingsOf({ ...o, read: [file] }, [])
  if (settings.redaction === undefined)
    throw new CliError(
      EXIT.usage,
      'nothing to redact: use --no-buffers, --no-env, --no-args, --redact FILE or --only-namespace NAME',
    )
  return capture(settings, out)
}
