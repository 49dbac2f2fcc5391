// An action as lines of text, for its own page and beside the menu: what it does and its complete command.

import type { Overlay, UiState } from '../model/model.js'
import { commandText } from '../model/query.js'
import { clean } from '../terminal/width.js'
import { type Role, type Span, wrap } from './spans.js'

type Offer = Extract<Overlay, { kind: 'action' }>['offer']

const para = (text: string, width: number, role: Role): Span[][] => wrap(text, width).map((l): Span[] => [[l, role]])

/** Title, description and command, and why it is not run, or as which user. */
export function aboutAction(s: UiState, { action, argv, refused }: Offer, width: number): Span[][] {
  const own = 'own' in action
  const who = own ? s.runsAs?.own : s.runsAs?.ours
  const changes = action.changes ? ' It makes changes and needs confirmation.' : ''
  return [
    [[clean(action.title), 'accent']],
    ...para(clean(action.doc), width, 'text'),
    [],
    ...(argv === undefined ? [] : [...para(clean(commandText(argv)), width, 'strong'), [] as Span[]]),
    ...(refused === undefined
      ? para(who === undefined ? 'Not run: requires ksys ui --actions.' : `Runs as ${who}.${changes}`, width, 'dim')
      : para(clean(refused), width, 'warn')),
  ]
}

/** The page of an action, with the keys that apply to it. */
export function actionLines(
  s: UiState,
  { offer, confirms }: Extract<Overlay, { kind: 'action' }>,
  width: number,
): Span[][] {
  const runs = offer.refused === undefined && s.runsAs !== undefined
  const keys = [
    ...(runs ? ['Enter runs it'] : []),
    ...(offer.argv === undefined ? [] : ['y copies it']),
    'Esc closes it',
  ]
  return [...aboutAction(s, offer, width), [], confirms ? [['Run it? y/N', 'warn']] : [[keys.join(', '), 'key']]]
}
