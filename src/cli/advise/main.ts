// `ksys advise`: makes seccomp profiles from recorded calls, and tests profiles against them.
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { ADVISE, ADVISE_COMMANDS, type AdviseCommand, adviseSettings } from '../options/advise.js'
import { splitArgv } from '../options/argv.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'

/** Runs the command; returns the exit code. */
export async function advise(argv: readonly string[], out: Output): Promise<number> {
  const { words: given, command } = splitArgv(argv)
  const { options, words } = parseSubcommand(ADVISE, given)
  if (options.help) return printHelp(ADVISE, out)
  const [first, ...rest] = words
  const what = ADVISE_COMMANDS.find((c) => c === first)
  if (what === undefined)
    throw usage(`${first === undefined ? 'missing command' : `unknown command '${first}'`}: ${USAGE}`)
  if (command?.length === 0) throw usage('missing command after --')
  if (what === 'seccomp') {
    const { adviseSeccomp } = await import('./seccomp.js')
    return adviseSeccomp(adviseSettings(what, options, rest, command), out)
  }
  if (command !== undefined) throw usage(`ksys advise ${what} reads captures: -- CMD belongs to ksys advise seccomp`)
  const [profile, ...filter] = rest
  if (profile === undefined) throw usage(`missing profile: ksys advise ${what} PROFILE -r FILE`)
  return test(what, profile, adviseSettings(what, options, filter, undefined), out)
}

const USAGE = `ksys advise ${ADVISE_COMMANDS.join(', ksys advise ')}`

async function test(
  what: Exclude<AdviseCommand, 'seccomp'>,
  file: string,
  s: ReturnType<typeof adviseSettings>,
  out: Output,
): Promise<number> {
  const { profileNamed } = await import('./profile-file.js')
  const profile = profileNamed(file, s.capture.quiet)
  if (what === 'check') return (await import('./check.js')).checkProfile(profile, s, out)
  return (await import('./heal.js')).healProfile(profile, s, out)
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
