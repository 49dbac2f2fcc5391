// Rules and alerts for tests, with only the relevant properties specified.
import { parseFilter } from '../../src/filter/index.js'
import type { Alert, Rule } from '../../src/rules/rule.js'

/** A rule; its condition is a filter without macros. */
export function ruleOf(given: Partial<Omit<Rule, 'condition'>> & { condition?: string } = {}): Rule {
  const { condition = 'evt.type=openat', ...rest } = given
  return {
    name: 'Some rule',
    source: 'syscall',
    written: condition,
    exceptions: [],
    output: 'something happened',
    desc: '',
    priority: 'Warning',
    tags: [],
    enabled: true,
    capture: false,
    captureDuration: undefined,
    place: { file: 'rules.yaml', line: 1, column: 1 },
    ...rest,
    condition: parseFilter(condition),
  }
}

/** An alert. */
export function alertOf(given: Partial<Alert> = {}): Alert {
  return {
    rule: ruleOf(),
    time: 1_700_000_000_000_000_007n,
    hostname: 'web1',
    text: 'something happened',
    fields: new Map(),
    ...given,
  }
}
