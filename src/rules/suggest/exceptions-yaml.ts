// Suggested exceptions as a rules file; comments contain how many alerts each would suppress.
import { printValue } from '../../filter/ast.js'
import { INVISIBLE } from '../../model/sanitize.js'
import type { Rule } from '../rule.js'
import type { Suggestion } from './choose.js'

/** maximum number of tuples listed for one rule */
const MOST = 1000
const UNSEEN = new RegExp(`[${INVISIBLE}]`, 'gu')

/** The item that adds the exception to a rule; total: alerts of the rule. */
export function exceptionItem(
  { name, exceptions }: Rule,
  { fields, tuples, covered }: Suggestion,
  total: number,
): string {
  const listed = tuples.slice(0, MOST)
  const rest = tuples.length - listed.length
  return [
    `# ${times(covered)} of ${times(total)} alerts`,
    `- rule: ${quoted(name)}`,
    '  exceptions:',
    `    - name: ${freeName(exceptions.map((e) => e.name))}`,
    `      fields: [${fields.join(', ')}]`,
    '      values:',
    ...listed.map(({ values, count }) => `        - [${values.map(value).join(', ')}] # ${times(count)}`),
    ...(rest > 0 ? [`        # and ${rest} more, not listed`] : []),
    '  override:',
    '    exceptions: append',
    '',
  ].join('\n')
}

/** A text as YAML, on one line and safe for terminals. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, byItsNumber)
}

function byItsNumber(c: string): string {
  const hex = (c.codePointAt(0) as number).toString(16)
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
}

/** A value as exceptions parse it: a value that looks quoted, or like a list, needs additional quotes. */
function value(text: string): string {
  return quoted(/^["'(]/.test(text) ? printValue(text, true) : text)
}

function freeName(taken: readonly string[]): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'repeated' : `repeated_${n}`
    if (!taken.includes(name)) return name
  }
}

const times = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',')
