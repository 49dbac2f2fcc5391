// `ksys rules`: Falco's rules, asked of events; or only checked, listed or described.
import { jsonLine } from '../../format/outputs/json.js'
import { resultJson } from '../../rules/load/result-json.js'
import { resultText } from '../../rules/load/result-text.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import type { RulesSettings, RulesWords } from '../options/rules.js'
import { parseSubcommand } from '../options/subcommand.js'
import { RULES } from '../options/subcommands.js'
import { say } from '../output/stderr.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { describe } from './describe.js'
import { readRules, selected } from './loading.js'
import { rulesSettings } from './settings.js'

/** Runs the command; returns the exit code. */
export async function rules(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<RulesWords>(RULES, argv)
  if (o.help) return printHelp(RULES, out)
  const { settings: s, notes } = rulesSettings(o, words)
  tellNotes(notes, s)
  const running = !s.check && !s.list && s.describe === undefined
  const result = readRules(s, running)
  if (s.check) {
    await out.text(s.json ? jsonLine(resultJson(result.files)) : visible(resultText(result.files)))
    return result.ok ? EXIT.ok : EXIT.usage
  }
  const told = result.files.filter((f) => f.errors.length > 0 || (s.verbose && f.warnings.length > 0))
  if (told.length > 0) say(visible(resultText(told)))
  if (!result.ok) throw new CliError(EXIT.usage, 'the rules are wrong; nothing is done with them')
  const left = selected(result.rules, s)
  if (!running) {
    await out.text(describe(s, left))
    return EXIT.ok
  }
  const { runRules } = await import('./run.js')
  return runRules(s, left)
}

/** What of a configuration is not used: all of it where it is looked at, else only how much. */
function tellNotes(notes: readonly string[], { configFile, check, verbose, quiet }: RulesSettings): void {
  if (notes.length === 0 || quiet) return
  if (check || verbose) for (const note of notes) say(`ksys: ${visible(`${configFile}: ${note}`)}\n`)
  else
    say(
      visible(`ksys: ${notes.length} keys of ${configFile} are not used; ksys rules --check -c ${configFile} names them\n`),
    )
}
