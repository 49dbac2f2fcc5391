// `ksys COMMAND --help`: usage, options and notes of a subcommand.
import { wrap } from '../../format/text/wrap.js'
import { EXIT, EXIT_MEANINGS } from '../errors/exit.js'
import type { Subcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { exitLines, optionLines, usageLines } from './help.js'

/** Prints the help of a subcommand, with `more` lines after the notes; returns the exit code. */
export async function printHelp(c: Subcommand, out: Output, more: readonly string[] = []): Promise<number> {
  const width = Math.min(process.stdout.columns ?? 100, 120)
  const notes = (c.notes ?? []).flatMap((note) => ['', ...wrap(note, width)])
  const exits = EXIT_MEANINGS.filter(([code]) => c.exit.includes(code))
  const lines = [
    ...usageLines(c.usage, width),
    '',
    ...optionLines(c.options, width),
    ...notes,
    ...more,
    '',
    'Exit codes:',
    ...exitLines(exits, width),
  ]
  await out.text(`${lines.join('\n')}\n`)
  return EXIT.ok
}
