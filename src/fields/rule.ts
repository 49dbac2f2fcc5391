// rule.*: the rules that an event fires, and the alert about it. Without rules (FieldContext.rules) no event has any.
import { type FieldDef, type FieldType, type FieldValue, field, type Getter } from './field.js'
import type { FiredRule, FiredRules } from './fired-rules.js'

/** A field of events that rules are asked about. */
function judged<T extends FieldValue>(
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
function ofFirst<T extends FieldValue>(
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
  return judged(type, doc, make, list)
}

export const fields = {
  'rule.name': ofFirst(
    'string',
    'Name of the rule that the event fires; of several, the first. Rules are given with --rules.',
    (r) => r.name,
  ),
  'rule.names': judged(
    'string',
    'Names of all rules that the event fires, in their order.',
    (rules) => (e) => {
      const all = rules.at(e)
      return all.length === 0 ? undefined : all.map((r) => r.name)
    },
    true,
  ),
  'rule.priority': ofFirst(
    'string',
    'Priority of that rule: Emergency, Alert, Critical, Error, Warning, Notice, Informational or Debug.',
    (r) => r.priority,
  ),
  'rule.priority.number': ofFirst('uint8', 'The same as a number: 0 is the gravest, 7 is Debug.', (r) => r.severity),
  'rule.output': judged(
    'string',
    'Text of the alert that the rule makes of the event, without time and priority.',
    (rules) => (e) => rules.output(e),
  ),
  'rule.tags': ofFirst('string', 'Tags of that rule.', (r) => (r.tags.length === 0 ? undefined : r.tags), true),
  'rule.source': ofFirst('string', 'Where the events of that rule come from: syscall.', (r) => r.source),
}
