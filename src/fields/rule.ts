// rule.*: the rules that an event fires, and its alert. Absent without rules (FieldContext.rules).
import {
  type FieldDef,
  type FieldType,
  type FieldValue,
  type FiredRule,
  type FiredRules,
  field,
  type Getter,
} from './field.js'

/** A field for which the rules are evaluated. */
function ruleField<T extends FieldValue>(
  type: FieldType,
  doc: string,
  make: (rules: FiredRules) => Getter<T>,
  list?: true,
): FieldDef<T> {
  return field<T>({
    type,
    ...(list && { list }),
    doc,
    cost: 64,
    sampled: true,
    needs: ['rules'],
    make: ({ rules }) => (rules === undefined ? () => undefined : make(rules)),
  })
}

/** A field of the first rule that the event fires. */
function firstRuleField<T extends FieldValue>(
  type: FieldType,
  doc: string,
  get: (first: FiredRule) => T | undefined,
  list?: true,
): FieldDef<T> {
  const make = (rules: FiredRules): Getter<T> => {
    return (e) => {
      const [first] = rules.at(e)
      return first && get(first)
    }
  }
  return ruleField(type, doc, make, list)
}

export const fields = {
  'rule.name': firstRuleField(
    'string',
    'Name of the rule that the event fires; if several, the first. Requires --rules.',
    (r) => r.name,
  ),
  'rule.names': ruleField(
    'string',
    'Names of all rules that the event fires, in their order.',
    (rules) => (e) => {
      const all = rules.at(e)
      return all.length === 0 ? undefined : all.map((r) => r.name)
    },
    true,
  ),
  'rule.priority': firstRuleField(
    'string',
    'Priority of that rule: Emergency, Alert, Critical, Error, Warning, Notice, Informational or Debug.',
    (r) => r.priority,
  ),
  'rule.priority.number': firstRuleField(
    'uint8',
    'The same as a number: 0 is the most severe, 7 is Debug.',
    (r) => r.severity,
  ),
  'rule.output': ruleField(
    'string',
    'Alert text of the rule for the event, without time and priority.',
    (rules) => (e) => rules.output(e),
  ),
  'rule.tags': firstRuleField('string', 'Tags of that rule.', (r) => (r.tags.length === 0 ? undefined : r.tags), true),
  'rule.source': firstRuleField('string', 'Event source of that rule: syscall.', (r) => r.source),
}
