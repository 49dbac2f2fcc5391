// Rules that fired, highest priority first.
import { CONTAINER, TIME, YIELDS } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'alerts',
  name: 'Alerts',
  description:
    'Rules (Falco rules loaded with --rules) that fired, highest priority first: how often, when last, and the text of the last alert. Live, alerts from before the view was opened count too, as far back as calls are retained.',
  tips: [
    'Enter lists the alerts of a rule; Enter there shows the calls around one.',
    'If an event fires several rules, only the first counts, as in ksys rules. ^ on the timeline marks alerts.',
  ],
  example: 'rule.priority.number<=3',
  appliesTo: [WHOLE_MACHINE, ...WHO],
  drillTo: 'alert_events',
  empty: 'No rule fired.',
  sums: true,
  countsKept: true,
  table: {
    keys: ['rule.name'],
    filter: 'rule.name exists',
    sort: { column: 0, ascending: true },
    columns: [
      {
        field: 'rule.priority.number',
        title: 'P',
        width: 2,
        doc: 'priority as a number: 0 is the highest, 7 is debug',
      },
      { field: 'rule.priority', title: 'PRIORITY', width: 13, fits: true, doc: 'priority by name' },
      { field: 'evt.count', title: 'COUNT', width: 7, agg: 'sum', doc: 'number of alerts' },
      {
        field: 'evt.count',
        title: 'RATE',
        width: 6,
        agg: 'rate',
        yields: YIELDS.rare,
        doc: 'alerts per second, since the view was opened; with a file, over the whole file',
      },
      { ...TIME, title: 'LAST', yields: YIELDS.rare, doc: 'time of the last alert' },
      { field: 'rule.name', title: 'RULE', width: 36, fits: true, names: true, doc: 'name of the rule' },
      { ...CONTAINER, doc: 'container of the last alert' },
      { field: 'rule.output', title: 'Output', yields: YIELDS.command, doc: 'text of the last alert' },
    ],
  },
})
