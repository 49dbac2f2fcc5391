// `ksys rules`: Falco's rules, asked of events; or only checked, listed, described, explained or tested.
import { jsonLine } from '../../format/outputs/json.js'
import { resultJson } from '../../rules/load/result-json.js'
import { resultText } from '../../rules/load/result-text.js'
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import type { Settings } from '../options/parse.js'
import type { RulesSettings, RulesWords } from '../options/rules.js'
import { parseSubcommand } from '../options/subcommand.js'
import { RULES } from '../options/subcommands.js'
import { say } from '../output/stderr.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { describe } from './describe.js'
import { readRules, selected } from './loading.js'
import { rulesSettings } from './settings.js'
import { type Asked, askedBy } from './words.js'

/** Runs the command; returns the exit code. */
export async function rules(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<RulesWords>(RULES, argv)
  if (o.help) return printHelp(RULES, out)
  const { asked, files } = askedBy(words, o.diff === true)
  const { settings: s, notes } = rulesSettings(o, files)
  tellNotes(notes, s)
  if (asked.what === 'compare') return compare(asked, s, out)
  const running = asked.what === 'run' && !s.check && !s.list && s.describe === undefined
  const result = readRules(s, running)
  if (s.check) {
    await out.text(s.json ? jsonLine(resultJson(result.files)) : resultText(result.files))
    return result.ok ? EXIT.ok : EXIT.usage
  }
  const left = selected(rulesIn(result, s), s)
  if (asked.what === 'explain') {
    const { explainRule } = await import('./explain.js')
    return explainRule(asked.rule, left, captureOf(s), out)
  }
  if (asked.what === 'test') {
    const [{ testRules }, { rulesToRun }] = await Promise.all([import('./test.js'), import('./run.js')])
    const set = { rules: rulesToRun(left, s.quiet), matching: s.matching }
    return testRules(asked.folder, set, captureOf(s), { update: o.update === true }, out)
  }
  if (!running) {
    await out.text(describe(s, left))
    return EXIT.ok
  }
  const { runRules } = await import('./run.js')
  return runRules(s, left)
}

/** The rules of files that are not wrong; what is, is told. */
function rulesIn({ files, rules, ok }: ReturnType<typeof readRules>, { verbose }: RulesSettings): readonly Rule[] {
  const told = files.filter((f) => f.errors.length > 0 || (verbose && f.warnings.length > 0))
  if (told.length > 0) say(resultText(told))
  if (!ok) throw new CliError(EXIT.usage, 'the rules are wrong; nothing is done with them')
  return rules
}

/** The settings of a run over captures. */
function captureOf({ capture, snaplen }: RulesSettings): Settings {
  return { ...capture, snaplen }
}

async function compare(
  { before, after }: Extract<Asked, { what: 'compare' }>,
  s: RulesSettings,
  out: Output,
): Promise<number> {
  if (s.read.length === 0)
    throw new CliError(EXIT.usage, 'name the capture to compare on: ksys rules test --diff OLD NEW -r CAPTURE')
  const [{ compareRules }, { rulesToRun }] = await Promise.all([import('./compare.js'), import('./run.js')])
  const setOf = (file: string) => {
    const which = { ...s, files: [file] }
    return { rules: rulesToRun(selected(rulesIn(readRules(which, false), s), which), s.quiet), matching: s.matching }
  }
  return compareRules(setOf(before), setOf(after), captureOf(s), out)
}

/** What of a configuration is not used: all of it where it is looked at, else only how much. */
function tellNotes(notes: readonly string[], { configFile, check, verbose, quiet }: RulesSettings): void {
  if (notes.length === 0 || quiet) return
  if (check || verbose) for (const note of notes) say(`ksys: ${visible(`${configFile}: ${note}`)}\n`)
  else
    say(
      visible(
        `ksys: ${notes.length} things in ${configFile} are not used: ksys rules --check -c ${configFile} tells them\n`,
      ),
    )
}
