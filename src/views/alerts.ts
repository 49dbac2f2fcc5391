// Rules that fired, the gravest first.
import { CONTAINER, TIME, YIELDS } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'alerts',
  name: 'Alerts',
  description:
    "Rules (Falco's, given with --rules) that fired, the gravest first: how often, when last, and what that alert says. Live, those of before count too, as far as calls are kept.",
  tips: [
    'Enter shows the alerts of a rule one by one, and Enter there the calls around one.',
    'Of several rules that one event fires the first counts, as with ksys rules. ^ on the timeline is where one fired.',
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
      { field: 'rule.priority.number', title: 'P', width: 2, doc: 'how grave it is: 0 is the gravest, 7 debugging' },
      { field: 'rule.priority', title: 'PRIORITY', width: 13, fits: true, doc: 'the same in a word' },
      { field: 'evt.count', title: 'COUNT', width: 7, agg: 'sum', doc: 'how often it fired' },
      {
        field: 'evt.count',
        title: 'RATE',
        width: 6,
        agg: 'rate',
        yields: YIELDS.rare,
        doc: 'times a second, since the view was opened; of a file, over all of it',
      },
      { ...TIME, title: 'LAST', yields: YIELDS.rare, doc: 'when it fired last' },
      { field: 'rule.name', title: 'RULE', width: 36, fits: true, names: true, doc: 'the rule' },
      { ...CONTAINER, doc: 'where it fired last' },
      { field: 'rule.output', title: 'Output', yields: YIELDS.command, doc: 'what its newest alert says' },
    ],
  },
})
