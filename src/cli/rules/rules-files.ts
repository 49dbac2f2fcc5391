// The files that a run reads its rules and settings from, and re-reads: falco.yaml with the files that it includes, and rules files.
import { createHash } from 'node:crypto'
import { readRulesFiles, readTextFile } from '../../rules/load/files.js'
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { RulesOptions, RulesSettings } from '../options/rules.js'
import { readRules, selected } from './loading.js'
import { type ParsedRules, rulesSettings } from './settings.js'

const STDIN = '-'

interface LoadedRules {
  readonly settings: RulesSettings
  /** enabled or not */
  readonly rules: readonly Rule[]
}

export class RulesFiles {
  /** digest of the contents that were last read */
  private contents: string

  /** words: rules files in addition to those of -f; parsed: the current settings, before the rules are read. */
  constructor(
    private readonly options: RulesOptions,
    private readonly words: readonly string[],
    private parsed: ParsedRules,
  ) {
    this.contents = this.digest(parsed)
  }

  /** The files and folders of settings and rules. */
  get paths(): readonly string[] {
    return [...this.parsed.configFiles, ...this.parsed.settings.files]
  }

  /** Whether their contents have changed since they were last read. */
  changed(): boolean {
    return this.digest(this.parsed) !== this.contents
  }

  /** Re-reads all files. Throws CliError for errors, WrongRules for those in rules; changed() then ignores these contents. */
  reread(): LoadedRules {
    this.contents = this.digest(this.parsed)
    const parsed = rulesSettings(this.options, this.words)
    if (parsed.settings.files.includes(STDIN))
      throw new CliError(EXIT.usage, 'rules from standard input cannot be re-read')
    this.parsed = parsed
    this.contents = this.digest(parsed)
    const { settings } = parsed
    return { settings, rules: selected(readRules(settings, true), settings) }
  }

  private digest({ settings, configFiles }: ParsedRules): string {
    const rules = readRulesFiles(settings.files.filter((file) => file !== STDIN))
    const texts = [...configFiles.map((file) => readTextFile(file)), ...rules]
    return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
  }
}
