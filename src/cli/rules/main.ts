// `ksys rules`: Falco's rules, asked of events; or only checked, listed, described, explained or tested.
import { jsonLine } from '../../format/outputs/json.js'
import type { Note } from '../../rules/config/kinds.js'
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
import { type RulesRead, readRules, selected, type WhichRules } from './loading.js'
import { RulesFiles } from './rules-files.js'
import { rulesSettings } from './settings.js'
import { withShadows } from './shadows.js'
import { type Asked, askedBy } from './words.js'

/** Runs the command; returns the exit code. */
export async function rules(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<RulesWords>(RULES, argv)
  if (o.help) return printHelp(RULES, out)
  const { asked, files: ruleFiles } = askedBy(words, o.diff === true)
  const told = rulesSettings(o, ruleFiles)
  const { settings: s, notes } = told
  refuseOdd(o, asked, s)
  tellNotes(notes, s)
  if (asked.what === 'compare') return compare(asked, s, out)
  const running = asked.what === 'run' && !s.check && !s.list && s.describe === undefined
  // what they say now is noted before it is read
  const files = running ? new RulesFiles(o, ruleFiles, told) : undefined
  const read = readRules(s, running || asked.what === 'suggest')
  if (s.check) return check(read, s, out)
  const left = soundRules(read, s)
  if (asked.what === 'explain') {
    const { explainRule } = await import('./explain.js')
    return explainRule(asked.rule, left, captureOf(s), out)
  }
  if (asked.what === 'test' || asked.what === 'suggest') {
    const { rulesToRun } = await import('./run.js')
    const set = { rules: rulesToRun(left, s.quiet), matching: s.matching }
    if (asked.what === 'suggest') {
      const { suggestExceptions } = await import('./suggest.js')
      return suggestExceptions(set, captureOf(s), { least: o.least ?? REPEATED, quiet: s.quiet }, out)
    }
    const { testRules } = await import('./test.js')
    return testRules(asked.folder, set, captureOf(s), { update: o.update === true }, out)
  }
  if (files === undefined) {
    await out.text(describe(s, left))
    return EXIT.ok
  }
  const { runRules } = await import('./run.js')
  return runRules(s, left, files)
}

/** alerts that are alike from which on they are repeated */
const REPEATED = 2

/** Throws CliError (usage) for options that only another word gives a meaning to. */
function refuseOdd({ least, update }: RulesWords, { what }: Asked, s: RulesSettings): void {
  if (least !== undefined && what !== 'suggest')
    throw new CliError(EXIT.usage, '--least is about repeated alerts: ksys rules suggest -f FILE -r CAPTURE --least N')
  if (update && what !== 'test')
    throw new CliError(
      EXIT.usage,
      '--update writes what fired beside captures: ksys rules test FOLDER -f FILE --update',
    )
  const only = s.check ? '--check' : s.list ? '-L' : s.describe !== undefined ? '-l' : undefined
  if (only !== undefined && s.capture.redaction !== undefined)
    throw new CliError(
      EXIT.usage,
      `options of privacy leave something out of captures, and ${only} looks at none: leave one of them out`,
    )
}

/** Tells what is wrong, and what is doubtful, of files; returns the exit code. */
async function check(read: RulesRead, s: RulesSettings, out: Output): Promise<number> {
  const files = read.ok ? withShadows(read, selected(read, s), s) : read.files
  await out.text(s.json ? jsonLine(resultJson(files)) : resultText(files))
  return read.ok ? EXIT.ok : EXIT.usage
}

/** The rules of files that are not wrong; what is, is told. */
function soundRules(read: RulesRead, s: WhichRules & Pick<RulesSettings, 'verbose'>): Rule[] {
  const told = read.files.filter((f) => f.errors.length > 0 || (s.verbose && f.warnings.length > 0))
  if (told.length > 0) say(resultText(told))
  return selected(read, s)
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
    return { rules: rulesToRun(soundRules(readRules(which, false), which), s.quiet), matching: s.matching }
  }
  return compareRules(setOf(before), setOf(after), captureOf(s), out)
}

/** What of a configuration is not used: each with the reason where it is looked at, else in a sentence. */
function tellNotes(notes: readonly Note[], { configFile, check, verbose, quiet }: RulesSettings): void {
  if (notes.length === 0 || quiet) return
  const tell = (sentence: string) => say(`${visible(`ksys: ${configFile}: ${sentence}`)}\n`)
  if (check || verbose) for (const { sentence } of notes) tell(sentence)
  else {
    const keys = [...new Set(notes.map(({ about }) => about))].join(', ')
    tell(`not used here: ${keys}; ksys rules --check -c ${configFile} says why`)
  }
}
