// The files that a run has its rules and settings from, to be read again: falco.yaml with the files that it includes, and rules files.
import { createHash } from 'node:crypto'
import { readRulesFiles, readTextFile } from '../../rules/load/files.js'
import type { Rule } from '../../rules/rule.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { RulesSettings, RulesWords } from '../options/rules.js'
import { readRules, selected } from './loading.js'
import { rulesSettings, type Told } from './settings.js'

const STDIN = '-'

/** What files say now. */
export interface Said {
  readonly settings: RulesSettings
  /** enabled or not */
  readonly rules: readonly Rule[]
}

export class RulesFiles {
  /** of what was read last */
  private contents: string

  /** words: the options, and files beside those of -f; told: what they say at present, before the rules are read. */
  constructor(
    private readonly options: RulesWords,
    private readonly words: readonly string[],
    private told: Told,
  ) {
    this.contents = this.digest(told)
  }

  /** Files and folders that say something. */
  get paths(): readonly string[] {
    return [...this.told.configFiles, ...this.told.settings.files]
  }

  /** Whether they say something else than when they were read last. */
  changed(): boolean {
    return this.digest(this.told) !== this.contents
  }

  /** Reads all. Throws CliError where something is wrong, WrongRules in rules; then the same is read no more for a change. */
  again(): Said {
    this.contents = this.digest(this.told)
    const told = rulesSettings(this.options, this.words)
    if (told.settings.files.includes(STDIN))
      throw new CliError(EXIT.usage, 'rules that came by standard input cannot be read again')
    this.told = told
    this.contents = this.digest(told)
    const { settings } = told
    return { settings, rules: selected(readRules(settings, true), settings) }
  }

  private digest({ settings, configFiles }: Told): string {
    const rules = readRulesFiles(settings.files.filter((file) => file !== STDIN))
    const texts = [...configFiles.map((file) => readTextFile(file)), ...rules]
    return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
  }
}
