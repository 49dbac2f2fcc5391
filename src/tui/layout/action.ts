// An action as lines: what it does and its whole command, on a page of its own, and beside the menu.
import { commandText } from '../state/actions.js'
import type { Overlay, UiState } from '../state/model.js'
import { clean } from '../terminal/width.js'
import { type Role, type Span, wrap } from './spans.js'

type Offer = Extract<Overlay, { kind: 'action' }>['offer']

const para = (text: string, width: number, role: Role): Span[][] => wrap(text, width).map((l): Span[] => [[l, role]])

/** Title, what it does, the command, and why it is not run or as whom. */
export function aboutAction(s: UiState, { action, argv, refused }: Offer, width: number): Span[][] {
  const own = 'own' in action
  const who = own ? s.runsAs?.own : s.runsAs?.ours
  const changes = action.changes ? ' It changes something: asks first.' : ''
  return [
    [[clean(action.title), 'accent']],
    ...para(clean(action.doc), width, 'text'),
    [],
    ...(argv === undefined ? [] : [...para(clean(commandText(argv)), width, 'strong'), [] as Span[]]),
    ...(refused === undefined
      ? para(who === undefined ? 'It is not run: ksys ui --actions would.' : `Runs as ${who}.${changes}`, width, 'dim')
      : para(clean(refused), width, 'warn')),
  ]
}

/** The page of an action, with the keys that go on from here. */
export function actionLines(
  s: UiState,
  { offer, asks }: Extract<Overlay, { kind: 'action' }>,
  width: number,
): Span[][] {
  const runs = offer.refused === undefined && s.runsAs !== undefined
  const keys = [
    ...(runs ? ['Enter runs it'] : []),
    ...(offer.argv === undefined ? [] : ['y copies it']),
    'Esc leaves it',
  ]
  return [...aboutAction(s, offer, width), [], asks ? [['Run it? y/N', 'warn']] : [[keys.join(', '), 'key']]]
}
