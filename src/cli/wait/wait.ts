// `ksys wait`: waits until a signal ends it.
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { allRead } from '../options/option-types.js'
import { parseSubcommand } from '../options/subcommand.js'
import { WAIT } from '../options/wait.js'
import type { Output } from '../output/stdout.js'

/** ms between expirations of a timer, which only keeps the process alive */
const LONG = 2 ** 30

/** Waits; returns the exit code. */
export async function wait(argv: readonly string[], out: Output): Promise<number> {
  const { options, words } = parseSubcommand(WAIT, argv)
  const { help, ...others } = options
  allRead(others)
  if (help) return printHelp(WAIT, out)
  if (words.length > 0) throw new CliError(EXIT.usage, `unexpected argument '${words[0]}': ksys wait takes none`)
  const timer = setInterval(() => {}, LONG)
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done())
  })
  clearInterval(timer)
  return EXIT.ok
}
