// `ksys redact FILE -w OUT`: a capture file once more, without what is not to be told.
import { CommanderError } from 'commander'
import { CliError, EXIT } from '../errors/exit.js'
import { optionLines } from '../help/help.js'
import { makeCommand, parseArgs } from '../options/parse.js'
import { REDACT_OPTIONS } from '../options/redact.js'
import { redactionOf } from '../options/redaction.js'
import type { Output } from '../output/stdout.js'
import { capture } from '../run/capture.js'

/** Writes the file; returns the exit code. */
export async function redact(argv: readonly string[], out: Output): Promise<number> {
  const cmd = makeCommand(REDACT_OPTIONS)
  try {
    cmd.parse([...argv], { from: 'user' })
  } catch (e) {
    if (!(e instanceof CommanderError)) throw e
    throw new CliError(EXIT.usage, `${e.message.replace(/^error: /, '')}\n'ksys redact --help' lists the options`)
  }
  const o = cmd.opts<{ write?: string; progress?: true; help?: true }>()
  if (o.help) return help(out)
  const [file, more] = cmd.args
  if (file === undefined) throw new CliError(EXIT.usage, 'name the file to redact: ksys redact FILE -w OUT')
  if (more !== undefined)
    throw new CliError(EXIT.usage, `one file is redacted at a time: what is '${more}' for? ksys redact --help tells`)
  if (o.write === undefined)
    throw new CliError(EXIT.usage, 'name the file to write: ksys redact FILE -w OUT (- is standard output)')
  const redaction = redactionOf(cmd.opts())
  if (redaction === undefined)
    throw new CliError(EXIT.usage, 'say what to take out: --no-buffers, --no-env, --no-args or --redact FILE')
  const settings = parseArgs([`--read=${file}`, `--write=${o.write}`, ...(o.progress ? ['--progress'] : [])])
  return capture({ ...settings, redaction }, out)
}

async function help(out: Output): Promise<number> {
  const lines = [
    'ksys redact FILE -w OUT writes a capture file once more, without what is not to be told.',
    '',
    ...optionLines(REDACT_OPTIONS, Math.min(process.stdout.columns ?? 100, 120)),
    '',
    'A line of a --redact file, such as: proc.env mask /(?:PASS|TOKEN)\\w*=(.*)/i',
    'names fields (several with commas; * is all), what becomes of them, and which part, between slashes.',
    '',
  ]
  await out.text(lines.join('\n'))
  return EXIT.ok
}
